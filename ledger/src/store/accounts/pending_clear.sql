-- HQ decided the event: its postings are confirmed or corrected by HQ's own.
DELETE FROM pending WHERE place = ?1
