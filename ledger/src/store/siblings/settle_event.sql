-- HQ decided the event: it need not be kept for its author any more.
DELETE FROM sib_event WHERE terminal = ?1 AND epoch = ?2 AND seq = ?3
