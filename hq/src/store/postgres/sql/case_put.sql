-- Opens a case; the same one again changes nothing.
INSERT INTO exception_case (id, kind, state, version, shard, store, terminal, epoch, seq,
  member, other, coupon, unit, amount, detail, opened_at, closed_at, choice)
VALUES ($1, $2, 'open', 1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, NULL, NULL)
ON CONFLICT (shard, id) DO NOTHING
