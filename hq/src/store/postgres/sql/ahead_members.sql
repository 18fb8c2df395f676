-- Members by id, many at once.
SELECT m.id, m.root, m.card_no, m.phone_hash, m.phone_mask, m.name, m.tier, m.state, m.home_store,
  m.joined_at
FROM unnest($1::bigint[], $2::text[]) AS wanted (shard, id)
JOIN member m ON m.shard = wanted.shard AND m.id = wanted.id
