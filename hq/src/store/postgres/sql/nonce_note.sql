-- Remembers a nonce; one that is known changes nothing.
INSERT INTO nonce (terminal, nonce, at)
VALUES ($1, $2, $3)
ON CONFLICT (terminal, nonce) DO NOTHING
