-- Personal data of one member, gone.
DELETE
FROM member_pii
WHERE shard = $1 AND member = $2
