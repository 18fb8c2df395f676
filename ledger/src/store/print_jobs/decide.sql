-- Who decided what becomes of it.
UPDATE print_queue SET decided_by = ?2 WHERE id = ?1
