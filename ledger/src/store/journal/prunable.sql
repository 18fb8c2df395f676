-- The first event between two places that must stay: too young, not decided whole, or of a shift or a
-- business day that is still open.
SELECT place FROM event e WHERE place BETWEEN ?1 AND ?2
  AND (at >= ?3
    OR place > coalesce((SELECT max(place) FROM day_close), 0)
    OR place >= coalesce((SELECT min(opened_place) FROM shift WHERE closed_place IS NULL), place + 1)
    OR place IN (SELECT place FROM pending))
ORDER BY place LIMIT 1
