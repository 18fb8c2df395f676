-- Things that are kept, many at once.
SELECT k.shard, k.kind, k.id, k.body
FROM unnest($1::bigint[], $2::text[], $3::text[]) AS wanted (shard, kind, id)
JOIN kept k ON k.shard = wanted.shard AND k.kind = wanted.kind AND k.id = wanted.id
