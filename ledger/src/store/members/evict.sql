-- A member and its other names, of whom this store hears no more.
DELETE FROM member WHERE id = ?1 OR alias_to = ?1
