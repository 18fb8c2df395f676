-- Whether the job ended already.
SELECT 1 FROM print_done WHERE id = ?1
