-- Writes an operator.
INSERT INTO operator (name, password_hash, one_time)
VALUES ($1, $2, $3)
ON CONFLICT (name) DO UPDATE
SET password_hash = excluded.password_hash, one_time = excluded.one_time
