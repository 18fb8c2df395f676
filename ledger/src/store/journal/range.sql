-- Events between two places, both included, in order.
SELECT place, hash, at, line, pii FROM event WHERE place BETWEEN ?1 AND ?2 ORDER BY place
