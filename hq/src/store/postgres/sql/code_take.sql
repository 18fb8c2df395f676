-- Uses a one-time code: once, and not after its time.
UPDATE enrol_code
SET used_at = $2
WHERE hash = $1 AND used_at IS NULL AND expires_at > $2 RETURNING store, till_no
