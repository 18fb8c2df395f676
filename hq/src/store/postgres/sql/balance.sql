-- Balance of one account in one shard.
SELECT balance
FROM account
WHERE shard = $1 AND account = $2 AND unit = $3
