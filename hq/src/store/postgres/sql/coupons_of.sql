-- A member's coupons.
SELECT id, code, member, title, benefit, threshold_fen, starts_on, ends_on, home_store, state
FROM coupon
WHERE shard = $1 AND member = $2
ORDER BY ends_on, id
