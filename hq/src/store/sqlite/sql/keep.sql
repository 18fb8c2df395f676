-- Keeps a body.
INSERT INTO kept (shard, kind, id, body)
VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (shard, kind, id) DO UPDATE
SET body = excluded.body
