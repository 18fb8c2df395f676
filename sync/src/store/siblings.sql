-- The other tills of this store.
SELECT terminal, till_no, public_key FROM sync_sibling ORDER BY till_no, terminal
