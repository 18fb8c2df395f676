-- Keeps the cart as it is now.
INSERT OR REPLACE INTO cart (one, id, body) VALUES (1, ?1, ?2)
