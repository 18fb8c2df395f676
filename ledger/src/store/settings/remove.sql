-- Forgets one setting.
DELETE FROM meta WHERE k = ?1
