-- Members whose pinyin begins with what was typed.
SELECT id, card_no, phone_hash, phone_mask, name, tier, state, home_store, joined_at, alias_to
FROM member WHERE pinyin >= ?1 AND pinyin < ?2 AND alias_to IS NULL AND state <> 'erased'
ORDER BY pinyin LIMIT ?3
