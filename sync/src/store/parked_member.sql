-- Is there anything about this member that this build cannot read?
SELECT 1 FROM sync_parked WHERE member = ?1 LIMIT 1
