-- Writes one of a store's staff.
INSERT OR REPLACE INTO staff (store, id, name, role, pin_hash)
VALUES (?1, ?2, ?3, ?4, ?5)
