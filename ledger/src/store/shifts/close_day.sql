-- A business day is closed.
INSERT INTO day_close (report_no, day, place, at) VALUES (?1, ?2, ?3, ?4)
