-- A snapshot is newer than every word so far.
DELETE FROM coupon_word
