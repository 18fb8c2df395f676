-- A store hears of everybody whose home it is and of everybody who was lent something there.
INSERT INTO interest (shard, member, store)
SELECT shard, id, home_store FROM member WHERE home_store = $1 AND root = id
UNION
SELECT shard, member, store FROM quota WHERE store = $1
ON CONFLICT (shard, member, store) DO NOTHING
