-- A shard was folded in up to here.
INSERT INTO sync_cursor (shard, lsn, chain) VALUES (?1, ?2, ?3)
ON CONFLICT (shard) DO UPDATE SET lsn = excluded.lsn, chain = excluded.chain
