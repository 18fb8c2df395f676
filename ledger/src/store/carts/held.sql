-- Carts set aside, oldest first.
SELECT id, at, label, body FROM held_cart ORDER BY at, id
