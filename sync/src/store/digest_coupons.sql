-- A page of coupons in order of the id.
SELECT id, member, state FROM coupon WHERE id > ?1 ORDER BY id LIMIT ?2
