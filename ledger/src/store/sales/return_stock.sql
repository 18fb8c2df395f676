-- What left with the original comes back with the refund.
INSERT INTO stock (place, n, sku, qty_milli) SELECT ?1, n, sku, -qty_milli FROM stock WHERE place = ?2
