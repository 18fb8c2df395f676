-- The refund that gave a sale back.
SELECT refund
FROM refunded
WHERE sale = ?1
