-- Requests may be refused: the list of verdicts grows.
CREATE TABLE sync_outcome_next (
  epoch INTEGER NOT NULL,                  -- the 64 bits of it, as a signed number
  seq INTEGER NOT NULL,
  verdict TEXT NOT NULL
    CHECK (verdict IN ('applied', 'applied_with_exception', 'parked', 'quarantined', 'rejected')),
  code TEXT NOT NULL,
  shard INTEGER NOT NULL,
  lsn INTEGER NOT NULL,
  case_id BLOB CHECK (length(case_id) = 16),
  seen INTEGER NOT NULL DEFAULT 0 CHECK (seen IN (0, 1)), -- a person looked at it
  PRIMARY KEY (epoch, seq)
) WITHOUT ROWID;
INSERT INTO sync_outcome_next SELECT * FROM sync_outcome;
DROP TABLE sync_outcome;
ALTER TABLE sync_outcome_next RENAME TO sync_outcome;
CREATE INDEX sync_outcome_unseen ON sync_outcome (epoch, seq) WHERE seen = 0 AND verdict <> 'applied';
