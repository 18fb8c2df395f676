-- The loaded tables take the place of those in use. Members that joined here and that HQ does not know
-- yet stay; everything else confirmed is what the snapshot says.
INSERT INTO member_load (id, card_no, phone_hash, phone_mask, last4, name, pinyin, initials, tier, state,
  home_store, joined_at)
SELECT id, card_no, phone_hash, phone_mask, last4, name, pinyin, initials, tier, state, home_store, joined_at
FROM member m
WHERE state = 'provisional' AND NOT EXISTS (SELECT 1 FROM member_load l WHERE l.id = m.id);
DROP TABLE member;
DROP TABLE coupon;
DROP TABLE existence;
DELETE FROM account;
DELETE FROM stored_quota;
ALTER TABLE member_load RENAME TO member;
ALTER TABLE coupon_load RENAME TO coupon;
ALTER TABLE existence_load RENAME TO existence;
