-- The cart being typed.
SELECT id, body FROM cart
