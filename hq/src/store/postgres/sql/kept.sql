-- One thing that is kept.
SELECT body
FROM kept
WHERE shard = $1 AND kind = $2 AND id = $3
