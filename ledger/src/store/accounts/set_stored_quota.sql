-- HQ lends another amount of stored value, or for longer.
INSERT INTO stored_quota (member, fen, until) VALUES (?1, ?2, ?3)
ON CONFLICT (member) DO UPDATE SET fen = excluded.fen, until = excluded.until
