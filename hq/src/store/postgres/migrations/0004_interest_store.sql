-- Whose members a store's tills hold is asked store by store: for every pack, snapshot and comparison.
CREATE INDEX interest_store ON interest (store, member);
