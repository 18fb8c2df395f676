-- Where this till stands, shard by shard.
SELECT shard, lsn, chain FROM sync_cursor ORDER BY shard
