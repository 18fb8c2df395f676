-- Keeps a token's hash.
INSERT INTO operator_token (hash, operator, expires_at)
VALUES ($1, $2, $3)
ON CONFLICT (hash) DO UPDATE
SET operator = excluded.operator, expires_at = excluded.expires_at
