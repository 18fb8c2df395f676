-- Lends.
INSERT INTO quota (shard, member, store, points, fen, until)
SELECT *
FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[])
ON CONFLICT (shard, member, store) DO UPDATE
SET points = excluded.points, fen = excluded.fen, until = excluded.until
