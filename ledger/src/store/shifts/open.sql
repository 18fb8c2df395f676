-- Opens a shift.
INSERT INTO shift (shift_no, staff, float_fen, opened_place, opened_at) VALUES (?1, ?2, ?3, ?4, ?5)
