-- A newer word on a member's points; an older one changes nothing.
UPDATE member SET
  points = CASE WHEN ?3 >= points_lsn THEN ?2 ELSE points END,
  points_at = CASE WHEN ?3 >= points_lsn THEN ?4 ELSE points_at END,
  points_lsn = max(points_lsn, ?3)
WHERE id = ?1
