-- One case.
SELECT id, kind, state, version, shard, store, terminal, epoch, seq, member, other, coupon, unit,
  amount, detail, opened_at, closed_at, choice
FROM exception_case
WHERE id = $1
