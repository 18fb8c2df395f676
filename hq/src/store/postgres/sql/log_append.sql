-- Writes decided lines.
INSERT INTO log (shard, lsn, chain, line)
SELECT *
FROM unnest($1::bigint[], $2::bigint[], $3::bytea[], $4::text[])
