-- A member is its own survivor again.
UPDATE member
SET root = id
WHERE shard = $1 AND id = $2
