-- A member is nobody's other name any more.
UPDATE member SET alias_to = NULL WHERE id = ?1
