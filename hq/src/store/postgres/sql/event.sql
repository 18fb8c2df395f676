-- One received line with its verdict.
SELECT seq, hash, line, received_at, verdict, code, shard, lsn, case_id, waits_for
FROM inbox
WHERE terminal = $1 AND epoch = $2 AND seq = $3
