-- Open cases, oldest first.
SELECT id, kind, state, version, shard, store, terminal, epoch, seq, member, other, coupon, unit,
  amount, detail, opened_at, closed_at, choice
FROM exception_case
WHERE state = 'open'
ORDER BY opened_at, id LIMIT $1
