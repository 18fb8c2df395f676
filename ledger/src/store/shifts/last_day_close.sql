-- The newest close of a business day.
SELECT report_no, day, place, at FROM day_close ORDER BY report_no DESC LIMIT 1
