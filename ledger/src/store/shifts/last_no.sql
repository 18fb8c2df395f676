-- The number of the newest shift.
SELECT coalesce(max(shift_no), 0) FROM shift
