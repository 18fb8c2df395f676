-- After a stop in the middle: bytes may be on paper, or certainly are not.
UPDATE print_queue SET state = CASE WHEN sent > 0 THEN 'uncertain' ELSE 'queued' END, ended_at = ?1
WHERE state = 'sending'
RETURNING state = 'uncertain'
