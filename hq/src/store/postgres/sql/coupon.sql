-- One coupon by id.
SELECT shard, member, home_store, starts_on, ends_on, state, used_by, changed_lsn
FROM coupon
WHERE id = $1
