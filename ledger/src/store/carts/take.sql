-- Takes a held cart back.
DELETE FROM held_cart WHERE id = ?1 RETURNING id, at, label, body
