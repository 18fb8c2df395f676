-- The newest job that belongs to no event; their ids are below those of all events.
SELECT max(coalesce((SELECT max(id) FROM print_queue WHERE id < ?1), 0),
           coalesce((SELECT max(id) FROM print_done WHERE id < ?1), 0))
