-- Jobs that still need something, oldest first.
SELECT id, name, doc, state, sent, total, attempts, err, created_at, ended_at, released
FROM print_queue ORDER BY created_at, id
