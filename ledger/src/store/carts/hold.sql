-- Sets a cart aside.
INSERT INTO held_cart (id, at, label, body) VALUES (?1, ?2, ?3, ?4)
