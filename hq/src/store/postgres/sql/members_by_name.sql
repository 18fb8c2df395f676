-- Members whose name begins so.
SELECT id, root, card_no, phone_hash, phone_mask, name, tier, state, home_store, joined_at
FROM member
WHERE name >= $1 AND name < $1 || chr(1114111)
ORDER BY name LIMIT $2
