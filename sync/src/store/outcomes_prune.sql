-- Verdicts on pruned events, but for those that a person has not looked at.
DELETE FROM sync_outcome WHERE epoch = ?1 AND seq <= ?2 AND (seen = 1 OR verdict = 'applied')
