-- Keeps a token's hash.
INSERT OR REPLACE INTO operator_token (hash, operator, expires_at)
VALUES (?1, ?2, ?3)
