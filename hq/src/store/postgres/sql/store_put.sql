-- Writes a store.
INSERT INTO store (id, name, address, phone, offset_min, cutover_hour, footer, scan_rules)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (id) DO UPDATE
SET name = excluded.name, address = excluded.address, phone = excluded.phone, offset_min
  = excluded.offset_min, cutover_hour = excluded.cutover_hour, footer = excluded.footer
  , scan_rules = excluded.scan_rules
