-- An entry for a later build.
INSERT OR REPLACE INTO sync_parked (shard, lsn, line, member) VALUES (?1, ?2, ?3, ?4)
