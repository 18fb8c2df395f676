-- HQ has decided the joining.
UPDATE member SET state = 'active' WHERE id = ?1 AND state = 'provisional'
