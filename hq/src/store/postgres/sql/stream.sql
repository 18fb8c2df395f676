-- Where one stream stands.
SELECT received, head, stable
FROM stream
WHERE terminal = $1 AND epoch = $2
