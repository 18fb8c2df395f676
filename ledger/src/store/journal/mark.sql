-- Raises HQ's watermarks.
UPDATE stream SET received = max(received, ?2), decided = max(decided, ?3), stable = max(stable, ?4)
WHERE no = ?1
