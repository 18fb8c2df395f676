-- Goods that left or came back.
INSERT INTO stock (place, n, sku, qty_milli) VALUES (?1, ?2, ?3, ?4)
