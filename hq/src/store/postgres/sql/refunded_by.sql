-- The refund that gave a sale back.
SELECT refund
FROM refunded
WHERE terminal = $1 AND sale = $2
