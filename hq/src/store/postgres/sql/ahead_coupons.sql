-- Coupons by id, many at once.
SELECT shard, member, home_store, starts_on, ends_on, state, used_by, changed_lsn, id
FROM coupon
WHERE id = ANY ($1::text[])
