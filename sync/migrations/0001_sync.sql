-- What the till remembers of its talk with HQ. It lies in the ledger's own file, so that what HQ said
-- and how far the till has heard move in one transaction.

-- How far each shard of HQ's log is folded in, with the chain value after that entry.
CREATE TABLE sync_cursor (
  shard INTEGER PRIMARY KEY CHECK (shard BETWEEN 0 AND 255),
  lsn INTEGER NOT NULL CHECK (lsn >= 0),
  chain BLOB NOT NULL CHECK (length(chain) = 32)
);

-- What HQ made of this till's own events.
CREATE TABLE sync_outcome (
  epoch INTEGER NOT NULL,                  -- the 64 bits of it, as a signed number
  seq INTEGER NOT NULL,
  verdict TEXT NOT NULL CHECK (verdict IN ('applied', 'applied_with_exception', 'parked', 'quarantined')),
  code TEXT NOT NULL,
  shard INTEGER NOT NULL,
  lsn INTEGER NOT NULL,
  case_id BLOB CHECK (length(case_id) = 16),
  seen INTEGER NOT NULL DEFAULT 0 CHECK (seen IN (0, 1)), -- a person looked at it
  PRIMARY KEY (epoch, seq)
) WITHOUT ROWID;
CREATE INDEX sync_outcome_unseen ON sync_outcome (epoch, seq) WHERE seen = 0 AND verdict <> 'applied';

-- Entries that this build cannot interpret whole, as HQ wrote them: read again after an update.
CREATE TABLE sync_parked (
  shard INTEGER NOT NULL,
  lsn INTEGER NOT NULL,
  line TEXT NOT NULL,
  member BLOB CHECK (length(member) = 16), -- whom it is about, as far as that can be read
  PRIMARY KEY (shard, lsn)
) WITHOUT ROWID;
CREATE INDEX sync_parked_member ON sync_parked (member) WHERE member IS NOT NULL;

-- Balances that did not follow from the one before: HQ's word was taken, a person should know.
CREATE TABLE sync_divergence (
  shard INTEGER NOT NULL,
  lsn INTEGER NOT NULL,
  account TEXT NOT NULL,
  unit TEXT NOT NULL,
  expected INTEGER NOT NULL,
  told INTEGER NOT NULL,
  PRIMARY KEY (shard, lsn, account, unit)
) WITHOUT ROWID;

-- Which HQ, and when last. One row.
CREATE TABLE sync_contact (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  log_epoch TEXT,                          -- null until a snapshot was loaded whole
  met_log_epoch TEXT,                      -- named at the last hello
  contact_at INTEGER,                      -- wall clock, ms
  hq_off_ms INTEGER,                       -- HQ's time minus the wall clock
  hq_unc_ms INTEGER
);
INSERT INTO sync_contact (one) VALUES (1);
