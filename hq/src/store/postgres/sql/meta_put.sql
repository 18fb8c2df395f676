-- Sets a setting.
INSERT INTO meta (k, v)
VALUES ($1, $2)
ON CONFLICT (k) DO UPDATE
SET v = excluded.v
