-- HQ's balance did not follow from the one known here.
INSERT OR REPLACE INTO sync_divergence (shard, lsn, account, unit, expected, told)
VALUES (?1, ?2, ?3, ?4, ?5, ?6)
