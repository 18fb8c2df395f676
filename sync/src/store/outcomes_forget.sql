-- These numbers belong to another history now.
DELETE FROM sync_outcome WHERE epoch = ?1 AND seq > ?2
