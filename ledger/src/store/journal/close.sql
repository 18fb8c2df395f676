-- A stream ends here; HQ's watermarks beyond it speak of another history.
UPDATE stream SET closed_at = ?2, received = min(received, ?2), decided = min(decided, ?2), stable = min(stable, ?2)
WHERE no = ?1
