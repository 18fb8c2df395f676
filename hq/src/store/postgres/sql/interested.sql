-- The stores that hear of a member.
SELECT store
FROM interest
WHERE shard = $1 AND member = $2
ORDER BY store
