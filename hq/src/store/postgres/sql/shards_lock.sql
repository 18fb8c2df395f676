-- Locks logs, lower numbers first, and says where they stand.
SELECT id, lsn, chain
FROM shard
WHERE id = ANY ($1::bigint[])
ORDER BY id
FOR UPDATE
