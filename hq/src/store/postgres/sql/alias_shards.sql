-- Where the names of a member lie.
SELECT DISTINCT shard
FROM member
WHERE root = $1
