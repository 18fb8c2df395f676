-- What was given to a member is its survivor's now.
UPDATE coupon SET member = ?2 WHERE member = ?1
