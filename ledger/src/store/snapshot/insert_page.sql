-- A page of the existence filter, as HQ filled it.
INSERT INTO existence_load (no, bits) VALUES (?1, ?2)
