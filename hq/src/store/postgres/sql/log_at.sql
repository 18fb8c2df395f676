-- One decided line.
SELECT lsn, chain, line
FROM log
WHERE shard = $1 AND lsn = $2
