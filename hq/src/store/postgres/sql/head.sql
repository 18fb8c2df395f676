-- Where one log stands.
SELECT lsn, chain
FROM shard
WHERE id = $1
