-- This cart is typed no more; one that was begun since stays.
DELETE FROM cart WHERE id = ?1
