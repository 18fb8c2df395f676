-- Where this till stands in one shard.
SELECT lsn, chain FROM sync_cursor WHERE shard = ?1
