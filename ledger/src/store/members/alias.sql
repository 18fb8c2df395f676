-- Two ids are one member from now on.
UPDATE member SET alias_to = ?2 WHERE id = ?1
