-- Keeps a one-time code's hash.
INSERT INTO enrol_code (hash, store, till_no, expires_at, used_at)
VALUES ($1, $2, $3, $4, NULL)
ON CONFLICT (hash) DO UPDATE
SET store = excluded.store, till_no = excluded.till_no, expires_at = excluded.expires_at, used_at = NULL
