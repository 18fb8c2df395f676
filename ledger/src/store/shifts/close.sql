-- Closes a shift.
UPDATE shift SET closed_place = ?2, closed_at = ?3 WHERE shift_no = ?1 AND closed_place IS NULL
