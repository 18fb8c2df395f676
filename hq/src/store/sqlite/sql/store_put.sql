-- Writes a store.
INSERT OR REPLACE INTO store (id, name, address, phone, offset_min, cutover_hour, footer, scan_rules)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
