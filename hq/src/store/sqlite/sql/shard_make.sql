-- Makes one empty log.
INSERT OR IGNORE INTO shard (id, lsn, chain)
VALUES (?1, 0, zeroblob(32))
