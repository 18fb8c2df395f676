-- The job is over.
INSERT INTO print_done (id, name, doc, state, sent, total, sha, attempts, err, created_at, ended_at, decided_by)
SELECT id, name, doc, ?2, sent, total, sha, attempts, ?3, created_at, ?4, decided_by FROM print_queue WHERE id = ?1
