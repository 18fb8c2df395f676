-- A store hears of a member from now on.
INSERT INTO interest (shard, member, store)
VALUES ($1, $2, $3)
ON CONFLICT (shard, member, store) DO NOTHING
