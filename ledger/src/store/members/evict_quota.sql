-- Stored value lent of a member of whom this store hears no more.
DELETE FROM stored_quota WHERE member = ?1
