-- Keeps a one-time code's hash.
INSERT OR REPLACE INTO enrol_code (hash, store, till_no, expires_at, used_at)
VALUES (?1, ?2, ?3, ?4, NULL)
