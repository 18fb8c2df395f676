-- What stores may let a member spend offline.
SELECT store, points, fen, until
FROM quota
WHERE shard = $1 AND member = $2
ORDER BY store
