-- Some members, by card number.
SELECT id, root, card_no, phone_hash, phone_mask, name, tier, state, home_store, joined_at
FROM member
ORDER BY card_no LIMIT $1
