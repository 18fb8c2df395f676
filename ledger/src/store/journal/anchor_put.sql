-- Everything up to here was pruned.
INSERT INTO anchor (stream, seq, hash) VALUES (?1, ?2, ?3)
ON CONFLICT (stream) DO UPDATE SET seq = excluded.seq, hash = excluded.hash
