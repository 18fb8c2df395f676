-- How many coupons were given out.
SELECT count(*)
FROM coupon
