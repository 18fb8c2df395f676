-- The newest close of one business day.
SELECT report_no, day, place, at FROM day_close WHERE day = ?1 ORDER BY report_no DESC LIMIT 1
