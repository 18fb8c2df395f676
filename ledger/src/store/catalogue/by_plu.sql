-- The article of this number on scale labels.
SELECT body FROM item WHERE plu = ?1 LIMIT 1
