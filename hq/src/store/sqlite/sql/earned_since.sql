-- Points earned after a moment, minus those that refunds took back since.
SELECT coalesce(sum(delta), 0)
FROM posting
WHERE shard = ?1 AND account = ?2 AND unit = 'points'
  AND reason IN ('earn', 'refund_earn') AND at > ?3
