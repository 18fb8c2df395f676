-- A member's open coupons, the one that ends first in front.
SELECT id, code, member, title, benefit, threshold_fen, starts_on, ends_on, home_store, state
FROM coupon WHERE member = ?1 AND state = 'open' ORDER BY ends_on, id
