-- The original was given back; the key refuses a second time.
INSERT INTO refunded (sale_id, place) VALUES (?1, ?2)
