-- One store.
SELECT id, name, address, phone, offset_min, cutover_hour, footer, scan_rules
FROM store
WHERE id = $1
