-- Removes what was kept.
DELETE FROM kept
WHERE shard = $1 AND kind = $2 AND id = $3
