-- A sibling's stream is known up to here; what HQ has of it never goes down.
INSERT INTO sib_stream (terminal, epoch, through, hash, received, parent) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT (terminal, epoch) DO UPDATE
SET through = excluded.through, hash = excluded.hash, received = max(received, excluded.received),
  parent = coalesce(parent, excluded.parent)
