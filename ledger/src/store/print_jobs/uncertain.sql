-- Jobs somebody has to look at, oldest first.
SELECT id, name, doc, state, sent, total, attempts, err, created_at, ended_at, released
FROM print_queue WHERE state = 'uncertain' ORDER BY created_at, id
