-- Coupons of a member of whom this store hears no more.
DELETE FROM coupon WHERE member = ?1
