-- Received lines of a stream.
SELECT seq, hash, line, received_at, verdict, code, shard, lsn, case_id, waits_for
FROM inbox
WHERE terminal = $1 AND epoch = $2 AND seq BETWEEN $3 AND $4
ORDER BY seq
