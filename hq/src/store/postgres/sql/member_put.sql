-- Writes a member's row; another name stays another name.
INSERT INTO member (shard, id, root, card_no, phone_hash, phone_mask, name, tier, state, home_store,
  joined_at)
VALUES ($1, $2, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (shard, id) DO UPDATE
SET card_no = excluded.card_no, phone_hash = excluded.phone_hash, phone_mask = excluded.phone_mask, name
  = excluded.name, tier = excluded.tier, state = excluded.state, home_store = excluded.home_store
