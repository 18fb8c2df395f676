-- The coupon with this printed code.
SELECT id, code, member, title, benefit, threshold_fen, starts_on, ends_on, home_store, state
FROM coupon WHERE code = ?1
