-- Makes the empty logs.
INSERT INTO shard (id, lsn, chain)
SELECT id, 0, decode(repeat('00', 32), 'hex')
FROM generate_series(0, 255) AS id
ON CONFLICT (id) DO NOTHING
