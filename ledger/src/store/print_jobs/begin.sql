-- The job goes to the printer; no byte has left.
UPDATE print_queue SET state = 'sending', sent = 0, sha = ?2, total = ?3, attempts = attempts + 1, err = NULL
WHERE id = ?1
