-- One coupon by id.
SELECT shard, state, used_by
FROM coupon
WHERE id = ?1
