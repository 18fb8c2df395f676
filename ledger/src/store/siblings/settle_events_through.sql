-- HQ decided everything up to here.
DELETE FROM sib_event WHERE terminal = ?1 AND epoch = ?2 AND seq <= ?3
