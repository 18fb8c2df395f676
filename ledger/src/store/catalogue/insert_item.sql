-- One article; of two with one number the later counts.
INSERT OR REPLACE INTO item (no, sku, plu, name, pinyin, initials, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
