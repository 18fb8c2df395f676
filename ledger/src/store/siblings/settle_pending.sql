-- HQ decided the event: its postings are confirmed or corrected by HQ's own.
DELETE FROM sib_pending WHERE terminal = ?1 AND epoch = ?2 AND seq = ?3
