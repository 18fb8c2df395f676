-- The newest copy of one receipt, from the ids between which they lie.
SELECT max(coalesce((SELECT max(id) FROM print_queue WHERE id BETWEEN ?1 AND ?2), 0),
           coalesce((SELECT max(id) FROM print_done WHERE id BETWEEN ?1 AND ?2), 0))
