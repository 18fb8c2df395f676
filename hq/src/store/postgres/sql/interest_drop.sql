-- A store hears no more of a member.
DELETE FROM interest
WHERE shard = $1 AND member = $2 AND store = $3
