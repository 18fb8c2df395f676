-- What the other tills of the store told this one over the store's own network.

-- How far each sibling's history is known here.
CREATE TABLE sib_stream (
  terminal INTEGER NOT NULL,
  epoch INTEGER NOT NULL,                  -- the 64 bits of it, as a signed number
  through INTEGER NOT NULL,
  hash BLOB NOT NULL CHECK (length(hash) = 32), -- of event `through`
  received INTEGER NOT NULL,               -- HQ has it up to here, as far as is known
  parent TEXT,                             -- JSON: where it branched off, when it did
  PRIMARY KEY (terminal, epoch)
) WITHOUT ROWID;

-- Events of siblings that HQ has not decided, as they were written. With a signature behind which the
-- author stands for everything up to that event.
CREATE TABLE sib_event (
  terminal INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  seq INTEGER NOT NULL CHECK (seq >= 1),
  line TEXT NOT NULL,
  pii BLOB,                                -- sealed to HQ; travels beside the event
  chain_sig TEXT,
  heard_at INTEGER NOT NULL,               -- wall clock, ms
  PRIMARY KEY (terminal, epoch, seq)
) WITHOUT ROWID;

-- What those events move, provisionally.
CREATE TABLE sib_pending (
  terminal INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  leg INTEGER NOT NULL,
  account TEXT NOT NULL,
  unit TEXT NOT NULL CHECK (unit IN ('points', 'fen')),
  delta INTEGER NOT NULL,
  spend INTEGER NOT NULL CHECK (spend IN (0, 1, 2)), -- 1 spent with HQ asked, 2 spent on the quota
  PRIMARY KEY (terminal, epoch, seq, leg)
) WITHOUT ROWID;
CREATE INDEX sib_pending_account ON sib_pending (account, unit);
