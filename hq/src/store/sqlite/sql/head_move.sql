-- Moves a log's head; only forwards.
UPDATE shard
SET lsn = ?2, chain = ?3
WHERE id = ?1 AND lsn < ?2
