-- One member.
SELECT id, card_no, phone_hash, phone_mask, name, tier, state, home_store, joined_at, alias_to
FROM member WHERE id = ?1
