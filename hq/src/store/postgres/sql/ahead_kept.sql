-- Things that are kept, many at once; each by its key, whatever the server believes of the table's size.
SELECT k.*
FROM unnest($1::bigint[], $2::text[], $3::text[]) AS wanted (shard, kind, id)
CROSS JOIN LATERAL (
  SELECT shard, kind, id, body
  FROM kept
  WHERE kept.shard = wanted.shard AND kept.kind = wanted.kind AND kept.id = wanted.id
  OFFSET 0
) AS k
