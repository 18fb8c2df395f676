-- Members whose initials begins with what was typed.
SELECT id, card_no, phone_hash, phone_mask, name, tier, state, home_store, joined_at, alias_to
FROM member WHERE initials >= ?1 AND initials < ?2 AND alias_to IS NULL AND state <> 'erased'
ORDER BY initials LIMIT ?3
