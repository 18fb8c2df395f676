-- Members whose name begins with what was typed.
SELECT id, card_no, phone_hash, phone_mask, name, tier, state, home_store, joined_at, alias_to
FROM member WHERE name >= ?1 AND name < ?2 AND alias_to IS NULL AND state <> 'erased'
ORDER BY name LIMIT ?3
