-- HQ answered.
UPDATE sync_contact SET contact_at = ?1, hq_off_ms = ?2, hq_unc_ms = ?3 WHERE one = 1
