-- An event as it will be sent.
INSERT INTO event (place, hash, at, line, pii) VALUES (?1, ?2, ?3, ?4, ?5)
