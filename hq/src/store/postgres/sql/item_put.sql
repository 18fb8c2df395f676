-- Writes one article.
INSERT INTO item (sku, body)
VALUES ($1, $2)
ON CONFLICT (sku) DO UPDATE
SET body = excluded.body
