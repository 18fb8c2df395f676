-- A sibling may tell of an event after this till has folded HQ's word on it: then it moves nothing any more.

-- HQ decided everything of the stream up to here.
CREATE TABLE sib_settled (
  terminal INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  through INTEGER NOT NULL,
  PRIMARY KEY (terminal, epoch)
) WITHOUT ROWID;

-- Beyond that: events whose entry was folded here before their author told of them.
CREATE TABLE sib_folded (
  terminal INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (terminal, epoch, seq)
) WITHOUT ROWID;
