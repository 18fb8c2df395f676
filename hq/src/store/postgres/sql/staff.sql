-- Who works in a store.
SELECT id, name, role, pin_hash
FROM staff
WHERE store = $1
ORDER BY id
