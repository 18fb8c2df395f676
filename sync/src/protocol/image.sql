-- One segment of a pack: the columns of a till's own tables, so that rows are taken over as they are.
CREATE TABLE member (
  id BLOB NOT NULL,
  card_no TEXT NOT NULL,
  phone_hash BLOB NOT NULL,
  phone_mask TEXT NOT NULL,
  last4 TEXT NOT NULL,
  name TEXT NOT NULL,
  pinyin TEXT NOT NULL,
  initials TEXT NOT NULL,
  tier TEXT NOT NULL,
  state TEXT NOT NULL,
  home_store TEXT NOT NULL,
  joined_at INTEGER NOT NULL,               -- ms since 1970
  points INTEGER NOT NULL,
  quota INTEGER NOT NULL                    -- points that the till's store is lent
);
CREATE TABLE coupon (
  id BLOB NOT NULL,
  code TEXT NOT NULL,
  member BLOB NOT NULL,
  title TEXT NOT NULL,
  benefit TEXT NOT NULL,                    -- JSON
  threshold_fen INTEGER NOT NULL,
  starts_on INTEGER NOT NULL,               -- yyyymmdd
  ends_on INTEGER NOT NULL,                 -- yyyymmdd, included
  home_store TEXT NOT NULL,
  state TEXT NOT NULL
);
-- `member` is another name of `root`; both have a row in `member`, perhaps in another segment.
CREATE TABLE alias (member BLOB NOT NULL, root BLOB NOT NULL);
-- Stored value, with what of it the till's store is lent until when, ms since 1970.
CREATE TABLE stored (member BLOB NOT NULL, fen INTEGER NOT NULL, quota_fen INTEGER NOT NULL, until INTEGER);
