-- The members of one shard who are nobody's other name.
SELECT id
FROM member
WHERE shard = $1 AND root = id
ORDER BY id
