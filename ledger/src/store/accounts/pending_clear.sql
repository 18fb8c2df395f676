-- HQ decided the event: its postings on this account are confirmed or corrected by HQ's own.
DELETE FROM pending WHERE account = ?1 AND unit = ?2 AND place = ?3
