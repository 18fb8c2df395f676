-- What HQ lent this store of a member's stored value, and until when on HQ's clock, ms.
CREATE TABLE stored_quota (
  member BLOB PRIMARY KEY CHECK (length(member) = 16),
  fen INTEGER NOT NULL CHECK (fen > 0),
  until INTEGER NOT NULL
) WITHOUT ROWID;
