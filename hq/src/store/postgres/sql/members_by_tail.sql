-- Members whose number ends so.
SELECT id, root, card_no, phone_hash, phone_mask, name, tier, state, home_store, joined_at
FROM member
WHERE phone_mask LIKE '%' || $1 LIMIT $2
