-- Verdicts of a stream's events.
SELECT seq, verdict, code, shard, lsn, case_id
FROM inbox
WHERE terminal = $1 AND epoch = $2 AND seq BETWEEN $3 AND $4
ORDER BY seq LIMIT $5
