-- Net movement of each article over a range of events.
SELECT sku, sum(qty_milli) FROM stock WHERE place BETWEEN ?1 AND ?2 GROUP BY sku ORDER BY sku
