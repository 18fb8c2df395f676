-- The member with this phone number, by its keyed hash; of several the one met first.
SELECT id, card_no, phone_hash, phone_mask, name, tier, state, home_store, joined_at, alias_to
FROM member WHERE phone_hash = ?1 AND state <> 'erased' ORDER BY alias_to IS NOT NULL, joined_at LIMIT 1
