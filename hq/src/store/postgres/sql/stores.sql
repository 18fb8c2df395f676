-- All stores.
SELECT id, name, address, phone, offset_min, cutover_hour, footer
FROM store
ORDER BY id
