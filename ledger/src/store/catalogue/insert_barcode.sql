-- One barcode; of two articles with one code the later counts.
INSERT OR REPLACE INTO barcode (code, item) VALUES (?1, ?2)
