-- The refund that gave a sale back.
SELECT refund
FROM refunded
WHERE terminal = $1 AND epoch = $2 AND seq = $3
