-- One store.
SELECT id, name, address, phone, offset_min, cutover_hour, footer
FROM store
WHERE id = $1
