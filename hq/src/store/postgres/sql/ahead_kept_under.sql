-- Things of a kind whose ids start with prefixes, many at once; each high is the first text after all.
SELECT k.shard, k.kind, k.id, k.body
FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[]) AS wanted (shard, kind, low, high)
JOIN kept k ON k.shard = wanted.shard AND k.kind = wanted.kind AND k.id >= wanted.low AND k.id < wanted.high
