-- Members whose last4 begins with what was typed.
SELECT id, card_no, phone_hash, phone_mask, name, tier, state, home_store, joined_at, alias_to
FROM member WHERE last4 >= ?1 AND last4 < ?2 AND alias_to IS NULL AND state <> 'erased'
ORDER BY last4 LIMIT ?3
