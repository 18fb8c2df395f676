-- HQ's newer row of a known member; points and quota move by their own words.
UPDATE member SET card_no = ?2, phone_hash = ?3, phone_mask = ?4, last4 = ?5, name = ?6, pinyin = ?7,
  initials = ?8, tier = ?9, state = ?10, home_store = ?11, joined_at = ?12
WHERE id = ?1
