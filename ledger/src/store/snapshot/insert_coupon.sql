-- A coupon as of the snapshot.
INSERT INTO coupon_load (id, code, member, title, benefit, threshold_fen, starts_on, ends_on, home_store, state)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
