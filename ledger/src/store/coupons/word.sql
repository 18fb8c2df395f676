-- HQ's last word on a coupon after a number of its log.
SELECT state FROM coupon_word WHERE id = ?1 AND lsn > ?2
