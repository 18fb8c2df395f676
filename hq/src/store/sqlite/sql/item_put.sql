-- Writes one article.
INSERT OR REPLACE INTO item (sku, body)
VALUES (?1, ?2)
