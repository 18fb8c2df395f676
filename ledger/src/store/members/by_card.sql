-- The members with this card number; at most one is no alias.
SELECT id, card_no, phone_hash, phone_mask, name, tier, state, home_store, joined_at, alias_to
FROM member WHERE card_no = ?1 ORDER BY alias_to IS NOT NULL LIMIT 1
