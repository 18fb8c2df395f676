-- Closes a case; the second of two answers changes nothing.
UPDATE exception_case
SET state = 'closed', version = version + 1, closed_at = $3, choice = $4
WHERE id = $1 AND version = $2 AND state = 'open'
