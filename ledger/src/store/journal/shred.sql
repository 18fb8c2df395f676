-- The sealed data is gone; its commitment stays in the line, so the chain stays what it was.
UPDATE event SET pii = NULL WHERE place = ?1
