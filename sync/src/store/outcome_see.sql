-- A person has looked at it.
UPDATE sync_outcome SET seen = 1 WHERE epoch = ?1 AND seq = ?2
