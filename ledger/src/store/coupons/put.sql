-- HQ's row of a coupon, whole.
INSERT INTO coupon (id, code, member, title, benefit, threshold_fen, starts_on, ends_on, home_store, state)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
ON CONFLICT (id) DO UPDATE SET code = excluded.code, member = excluded.member, title = excluded.title,
  benefit = excluded.benefit, threshold_fen = excluded.threshold_fen, starts_on = excluded.starts_on,
  ends_on = excluded.ends_on, home_store = excluded.home_store, state = excluded.state
