-- HQ decided these events: their postings are in its balances.
DELETE FROM pending WHERE place BETWEEN ?1 AND ?2
