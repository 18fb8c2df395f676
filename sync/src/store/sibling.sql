-- One other till of this store.
SELECT terminal, till_no, public_key FROM sync_sibling WHERE terminal = ?1
