-- Things of a kind whose id starts with a prefix; $4 is the first text after all of them.
SELECT id, body
FROM kept
WHERE shard = $1 AND kind = $2 AND id >= $3 AND id < $4
ORDER BY id
