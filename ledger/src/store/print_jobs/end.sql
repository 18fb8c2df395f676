-- The job is over.
INSERT INTO print_done (id, name, doc, state, sent, total, sha, attempts, err, created_at, ended_at)
SELECT id, name, doc, ?2, sent, total, sha, attempts, ?3, created_at, ?4 FROM print_queue WHERE id = ?1
