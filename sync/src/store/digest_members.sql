-- A page of members in order of the id.
SELECT id, points, card_no, state, alias_to FROM member WHERE id > ?1 ORDER BY id LIMIT ?2
