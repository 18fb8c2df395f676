-- One member by id.
SELECT id, root, card_no, phone_hash, phone_mask, name, tier, state, home_store, joined_at
FROM member
WHERE shard = $1 AND id = $2
