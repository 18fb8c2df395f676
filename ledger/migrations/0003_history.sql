-- Histories that prove themselves after they were cut at either end.

-- Set when HQ's history parts from this one: it ends here, what followed was wrapped anew in the stream
-- after it. The events stay where they are.
ALTER TABLE stream ADD COLUMN closed_at INTEGER CHECK (closed_at >= 0);

-- The last event of each stream that was pruned: what follows names its hash.
CREATE TABLE anchor (
  stream INTEGER PRIMARY KEY,
  seq INTEGER NOT NULL CHECK (seq >= 1),
  hash BLOB NOT NULL CHECK (length(hash) = 32)
);

-- Where an event that was wrapped anew lies now.
CREATE TABLE rewrapped (
  place INTEGER PRIMARY KEY,
  anew INTEGER NOT NULL
);
