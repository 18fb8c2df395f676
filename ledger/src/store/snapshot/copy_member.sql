-- A member as an image holds it: the columns in the image's order, then the time of the snapshot.
INSERT INTO member_load (id, card_no, phone_hash, phone_mask, last4, name, pinyin, initials, tier, state,
  home_store, joined_at, points, quota, points_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
