-- The other tills of this store, as HQ last named them: whose word counts on the store's network.
CREATE TABLE sync_sibling (
  terminal INTEGER PRIMARY KEY,
  till_no INTEGER NOT NULL,
  public_key BLOB NOT NULL CHECK (length(public_key) = 32)
);
