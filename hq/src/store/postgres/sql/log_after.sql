-- Decided lines after a cursor, in order.
SELECT lsn, chain, line
FROM log
WHERE shard = $1 AND lsn > $2
ORDER BY lsn LIMIT $3
