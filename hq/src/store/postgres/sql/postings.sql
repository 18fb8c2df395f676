-- Movements of one account, newest first.
SELECT lsn, n, unit, delta, balance_after, reason, cause, at
FROM posting
WHERE shard = $1 AND account = $2
ORDER BY lsn DESC, n DESC LIMIT $3
