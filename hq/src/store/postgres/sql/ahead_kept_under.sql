-- Things of a kind whose ids start with prefixes, many at once; each high is the first text after all.
SELECT k.*
FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[]) AS wanted (shard, kind, low, high)
CROSS JOIN LATERAL (
  SELECT shard, kind, id, body
  FROM kept
  WHERE kept.shard = wanted.shard AND kept.kind = wanted.kind AND kept.id >= wanted.low
    AND kept.id < wanted.high
  OFFSET 0
) AS k
