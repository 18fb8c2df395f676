-- Members by id, many at once; each by its key, whatever the server believes of the table's size.
SELECT m.*
FROM unnest($1::bigint[], $2::text[]) AS wanted (shard, id)
CROSS JOIN LATERAL (
  SELECT id, root, card_no, phone_hash, phone_mask, name, tier, state, home_store, joined_at
  FROM member
  WHERE member.shard = wanted.shard AND member.id = wanted.id
  OFFSET 0
) AS m
