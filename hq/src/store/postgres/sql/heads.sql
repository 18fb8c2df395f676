-- Where every log stands.
SELECT id, lsn, chain
FROM shard
ORDER BY id
