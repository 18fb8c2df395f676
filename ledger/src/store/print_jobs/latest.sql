-- The newest jobs that ended.
SELECT id, name, doc, state, sent, total, attempts, err, created_at, ended_at, 0
FROM print_done ORDER BY id DESC LIMIT ?1
