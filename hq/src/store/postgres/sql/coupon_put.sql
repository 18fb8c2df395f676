-- Gives out a coupon.
INSERT INTO coupon (shard, member, id, code, title, benefit, threshold_fen, starts_on,
  ends_on, home_store, state, used_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, NULL)
ON CONFLICT (shard, member, id) DO UPDATE
SET code = excluded.code, title = excluded.title, benefit = excluded.benefit, threshold_fen
  = excluded.threshold_fen, starts_on = excluded.starts_on, ends_on = excluded.ends_on, home_store
  = excluded.home_store, state = excluded.state, used_by = NULL
