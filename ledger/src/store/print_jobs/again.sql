-- The attempt is over and the job stays: to be tried again, or to be looked at.
UPDATE print_queue SET state = ?2, err = ?3, ended_at = ?4, sent = CASE ?2 WHEN 'queued' THEN 0 ELSE sent END
WHERE id = ?1
