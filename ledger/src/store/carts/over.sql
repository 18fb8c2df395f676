-- Whether a cart of this id is settled (2) or held (1): then the draft of it is old. A settled one's draft
-- goes with the first look after the sale, so few receipts can lie between.
SELECT CASE
  WHEN ?1 IN (SELECT sale_id FROM sale ORDER BY place DESC LIMIT 32) THEN 2
  WHEN EXISTS (SELECT 1 FROM held_cart WHERE id = ?1) THEN 1
  ELSE 0 END
