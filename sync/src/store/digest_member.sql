-- One member as HQ has it too.
SELECT id, points, card_no, state, alias_to FROM member WHERE id = ?1
