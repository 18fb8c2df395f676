-- The stream ends with this event now.
UPDATE stream SET last_seq = ?2, head_hash = ?3 WHERE no = ?1
