-- What stores may let members spend offline, many members at once.
SELECT q.store, q.points, q.fen, q.until, q.member
FROM unnest($1::bigint[], $2::text[]) AS wanted (shard, member)
JOIN quota q ON q.shard = wanted.shard AND q.member = wanted.member
ORDER BY q.member, q.store
