-- Where one stream stands, locked.
SELECT received, head, stable
FROM stream
WHERE terminal = $1 AND epoch = $2
FOR UPDATE
