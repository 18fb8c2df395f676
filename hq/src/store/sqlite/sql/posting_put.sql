-- Keeps one movement.
INSERT INTO posting (shard, account, lsn, n, unit, delta, balance_after, reason, cause, at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
