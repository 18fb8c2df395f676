-- What undecided events move on one account.
SELECT coalesce(sum(delta), 0) FROM pending WHERE account = ?1 AND unit = ?2
