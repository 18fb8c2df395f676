-- One event.
SELECT place, hash, at, line, pii FROM event WHERE place = ?1
