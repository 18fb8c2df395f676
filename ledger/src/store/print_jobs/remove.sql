-- It waits no more.
DELETE FROM print_queue WHERE id = ?1
