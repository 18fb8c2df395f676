-- Moves the heads of logs whose rows are held, forward only.
UPDATE shard
SET lsn = moved.lsn, chain = moved.chain
FROM unnest($1::bigint[], $2::bigint[], $3::bytea[]) AS moved (id, lsn, chain)
WHERE shard.id = moved.id AND shard.lsn < moved.lsn
