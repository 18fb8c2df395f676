-- Answers nobody will ask for again.
DELETE FROM answer WHERE no <= (SELECT max(no) FROM answer) - 128
