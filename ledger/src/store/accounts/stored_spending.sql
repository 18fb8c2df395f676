-- Stored value that a member spent without HQ in undecided events.
SELECT coalesce(-sum(delta), 0) FROM pending WHERE account = ?1 AND unit = 'fen' AND spend = 2
