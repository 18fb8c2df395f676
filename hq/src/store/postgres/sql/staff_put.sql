-- Writes one of a store's staff.
INSERT INTO staff (store, id, name, role, pin_hash)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (store, id) DO UPDATE
SET name = excluded.name, role = excluded.role, pin_hash = excluded.pin_hash
