-- A parked event's final verdict.
UPDATE inbox
SET verdict = $4, code = $5, shard = $6, lsn = $7, case_id = $8, waits_for = $9
WHERE terminal = $1 AND epoch = $2 AND seq = $3 AND waits_for IS NOT NULL
