-- What undecided events of this till and its siblings move on one account.
SELECT (SELECT coalesce(sum(delta), 0) FROM pending WHERE account = ?1 AND unit = ?2)
  + (SELECT coalesce(sum(delta), 0) FROM sib_pending WHERE account = ?1 AND unit = ?2)
