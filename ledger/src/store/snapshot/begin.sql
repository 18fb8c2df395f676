-- Tables that a snapshot is loaded into, beside those in use.
DROP TABLE IF EXISTS member_load;
DROP TABLE IF EXISTS coupon_load;
DROP TABLE IF EXISTS existence_load;
CREATE TABLE member_load (
  no INTEGER PRIMARY KEY,
  id BLOB NOT NULL CHECK (length(id) = 16),
  card_no TEXT NOT NULL,
  phone_hash BLOB NOT NULL,
  phone_mask TEXT NOT NULL,
  last4 TEXT NOT NULL,
  name TEXT NOT NULL,
  pinyin TEXT NOT NULL,
  initials TEXT NOT NULL,
  tier TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('provisional', 'active', 'blocked', 'erased')),
  home_store TEXT NOT NULL,
  joined_at INTEGER NOT NULL,
  points INTEGER NOT NULL DEFAULT 0,
  points_lsn INTEGER NOT NULL DEFAULT 0,
  points_at INTEGER,
  quota INTEGER NOT NULL DEFAULT 0,
  alias_to BLOB
);
CREATE TABLE coupon_load (
  no INTEGER PRIMARY KEY,
  id BLOB NOT NULL CHECK (length(id) = 16),
  code TEXT NOT NULL,
  member BLOB NOT NULL,
  title TEXT NOT NULL,
  benefit TEXT NOT NULL,
  threshold_fen INTEGER NOT NULL,
  starts_on INTEGER NOT NULL,
  ends_on INTEGER NOT NULL,
  home_store TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'used', 'revoked'))
);
CREATE TABLE existence_load (
  no INTEGER PRIMARY KEY,
  bits BLOB NOT NULL
);
