-- A new job waits.
INSERT INTO print_queue (id, name, doc, state, created_at) VALUES (?1, ?2, ?3, 'queued', ?4)
