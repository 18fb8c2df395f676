-- Somebody said: print it all the same.
UPDATE print_queue SET released = 1, attempts = 0, decided_by = ?2 WHERE id = ?1 AND state = 'queued'
