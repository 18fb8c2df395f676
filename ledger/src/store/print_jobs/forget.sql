-- What was printed of one event.
DELETE FROM print_done WHERE id BETWEEN ?1 AND ?2
