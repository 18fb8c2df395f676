-- The article of this number.
SELECT body FROM item WHERE sku = ?1
