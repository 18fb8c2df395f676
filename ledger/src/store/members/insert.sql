-- A member not known before, with the points HQ may have told already.
INSERT INTO member (id, card_no, phone_hash, phone_mask, last4, name, pinyin, initials, tier, state, home_store,
  joined_at, points, points_lsn, points_at)
SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, coalesce(a.confirmed, 0), coalesce(a.lsn, 0), a.at
FROM (SELECT 1) LEFT JOIN account a ON a.account = ?13 AND a.unit = 'points'
