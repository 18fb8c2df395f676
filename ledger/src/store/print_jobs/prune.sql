-- Jobs that ended long ago.
DELETE FROM print_done WHERE ended_at < ?1
