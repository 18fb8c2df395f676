-- The confirmed state belongs to this timeline of HQ, or to none.
UPDATE sync_contact SET log_epoch = ?1 WHERE one = 1
