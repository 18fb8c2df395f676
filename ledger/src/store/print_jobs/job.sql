-- One job, wherever it is.
SELECT id, name, doc, state, sent, total, attempts, err, created_at, ended_at, released FROM print_queue WHERE id = ?1
UNION ALL
SELECT id, name, doc, state, sent, total, attempts, err, created_at, ended_at, 0 FROM print_done WHERE id = ?1
