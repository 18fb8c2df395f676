-- What stores may let members spend offline, many members at once; each by its key, whatever the server
-- believes of the table's size.
SELECT q.*
FROM unnest($1::bigint[], $2::text[]) AS wanted (shard, member)
CROSS JOIN LATERAL (
  SELECT store, points, fen, until, member
  FROM quota
  WHERE quota.shard = wanted.shard AND quota.member = wanted.member
  OFFSET 0
) AS q
ORDER BY q.member, q.store
