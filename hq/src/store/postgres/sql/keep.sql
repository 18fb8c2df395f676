-- Keeps bodies.
INSERT INTO kept (shard, kind, id, body)
SELECT *
FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[])
ON CONFLICT (shard, kind, id) DO UPDATE
SET body = excluded.body
