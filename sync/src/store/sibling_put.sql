-- HQ names a till of this store.
INSERT INTO sync_sibling (terminal, till_no, public_key) VALUES (?1, ?2, ?3)
