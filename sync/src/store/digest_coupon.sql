-- Whose a coupon is and how HQ left it.
SELECT member, state FROM coupon WHERE id = ?1
