-- The catalogue.
SELECT body
FROM item
ORDER BY sku
