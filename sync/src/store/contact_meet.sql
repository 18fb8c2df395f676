-- HQ named this timeline.
UPDATE sync_contact SET met_log_epoch = ?1 WHERE one = 1
