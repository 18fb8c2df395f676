-- Locks more logs, or fails at once: waiting out of order could wait for ever.
SELECT id, lsn, chain
FROM shard
WHERE id = ANY ($1::bigint[])
ORDER BY id
FOR UPDATE NOWAIT
