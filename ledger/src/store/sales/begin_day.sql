-- The first receipt of a business day tells where the day begins.
INSERT OR IGNORE INTO sale_day (day, first_place) VALUES (?1, ?2)
