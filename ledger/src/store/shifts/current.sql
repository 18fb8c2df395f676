-- The shift that is open.
SELECT shift_no, staff, float_fen, opened_place, opened_at
FROM shift WHERE closed_place IS NULL ORDER BY shift_no DESC LIMIT 1
