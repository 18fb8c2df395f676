-- A coupon's state as the entry says.
UPDATE coupon
SET state = $3, used_by = $4, changed_lsn = $5
WHERE shard = $1 AND id = $2
