-- Lends.
INSERT INTO quota (shard, member, store, points, fen, until)
VALUES (?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT (shard, member, store) DO UPDATE
SET points = excluded.points, fen = excluded.fen, until = excluded.until
