-- Settings, many at once.
SELECT k, v
FROM meta
WHERE k = ANY ($1::text[])
