-- Lends.
INSERT INTO quota (shard, member, store, points)
VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (shard, member, store) DO UPDATE
SET points = excluded.points
