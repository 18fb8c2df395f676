-- Gives out a coupon.
INSERT OR REPLACE INTO coupon (shard, member, id, code, title, benefit, threshold_fen, starts_on,
  ends_on, home_store, state, used_by)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, NULL)
