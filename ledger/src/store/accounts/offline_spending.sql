-- Points a member spent in undecided events, and in how many of them on the quota.
SELECT coalesce(-sum(delta), 0), count(DISTINCT CASE WHEN spend = 2 THEN place END)
FROM pending WHERE account = ?1 AND unit = 'points' AND spend > 0
