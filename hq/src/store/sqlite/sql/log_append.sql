-- Writes one decided line.
INSERT INTO log (shard, lsn, chain, line)
VALUES (?1, ?2, ?3, ?4)
