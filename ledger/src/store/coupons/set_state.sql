-- HQ decided on a coupon.
UPDATE coupon SET state = ?2 WHERE id = ?1
