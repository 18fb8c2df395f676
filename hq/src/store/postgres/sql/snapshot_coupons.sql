-- Every coupon.
SELECT id, code, member, title, benefit, threshold_fen, starts_on, ends_on, home_store, state
FROM coupon
ORDER BY shard, member, id
