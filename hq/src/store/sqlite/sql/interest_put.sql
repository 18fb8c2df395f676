-- A store hears of a member from now on.
INSERT OR IGNORE INTO interest (shard, member, store)
VALUES (?1, ?2, ?3)
