-- Writes an operator.
INSERT OR REPLACE INTO operator (name, password_hash, one_time)
VALUES (?1, ?2, ?3)
