-- Points a member spent in undecided events, in how many sales without HQ, and the points of all members.
SELECT
  (SELECT coalesce(-sum(delta), 0) FROM pending WHERE account = ?1 AND unit = 'points' AND spend > 0),
  (SELECT count(DISTINCT place) FROM pending WHERE account IN (?1, ?2) AND spend = 2),
  (SELECT coalesce(-sum(delta), 0) FROM pending WHERE unit = 'points' AND spend = 2)
