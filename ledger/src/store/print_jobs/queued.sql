-- Jobs that wait, oldest first. They are few.
SELECT id, name, doc, state, sent, total, attempts, err, created_at, ended_at, released
FROM print_queue WHERE state = 'queued' ORDER BY created_at, id
