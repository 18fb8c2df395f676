-- Hash of one received line.
SELECT hash
FROM inbox
WHERE terminal = $1 AND epoch = $2 AND seq = $3
