-- What the till keeps. Rows of one checkout lie side by side at the end of few tables, so that a sale
-- writes few pages: their key is `place`, the stream's local number * 2^40 + the event's number.

-- Identity and small settings of this installation.
CREATE TABLE meta (
  k TEXT PRIMARY KEY,
  v BLOB NOT NULL
) WITHOUT ROWID;

-- One append-only history each; the newest is the one that sells. Where it ends is not kept here: its
-- last event says so, and a sale writes one page less.
CREATE TABLE stream (
  no INTEGER PRIMARY KEY CHECK (no BETWEEN 1 AND 4095),
  terminal INTEGER NOT NULL,
  epoch INTEGER NOT NULL,                  -- the 64 bits of it, as a signed number
  parent_epoch INTEGER,                    -- where this history left another one
  parent_seq INTEGER,
  parent_hash BLOB CHECK (length(parent_hash) = 32),
  received INTEGER NOT NULL DEFAULT 0 CHECK (received >= 0),
  decided INTEGER NOT NULL DEFAULT 0 CHECK (decided >= 0),
  stable INTEGER NOT NULL DEFAULT 0 CHECK (stable >= 0),
  UNIQUE (epoch, terminal)
);

-- Outbox and archive: the bytes that were hashed, never written again.
CREATE TABLE event (
  place INTEGER PRIMARY KEY CHECK (place > 1099511627776),
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  at INTEGER NOT NULL,                     -- wall clock, ms
  line TEXT NOT NULL,
  pii BLOB                                 -- sealed to HQ; travels beside the event
);

-- What undecided events of this till move, provisionally.
CREATE TABLE pending (
  place INTEGER NOT NULL,
  leg INTEGER NOT NULL,
  account TEXT NOT NULL,
  unit TEXT NOT NULL CHECK (unit IN ('points', 'fen')),
  delta INTEGER NOT NULL,
  spend INTEGER NOT NULL CHECK (spend IN (0, 1, 2)), -- 1 spent with HQ asked, 2 spent on the quota
  PRIMARY KEY (place, leg)
) WITHOUT ROWID;

-- Members as HQ last said. Confirmed points and quota live here so that one read answers the till.
CREATE TABLE member (
  no INTEGER PRIMARY KEY,
  id BLOB NOT NULL CHECK (length(id) = 16),
  card_no TEXT NOT NULL,
  phone_hash BLOB NOT NULL,
  phone_mask TEXT NOT NULL,
  last4 TEXT NOT NULL,                     -- of the masked number
  name TEXT NOT NULL,
  pinyin TEXT NOT NULL,
  initials TEXT NOT NULL,
  tier TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('provisional', 'active', 'blocked', 'erased')),
  home_store TEXT NOT NULL,
  joined_at INTEGER NOT NULL,
  points INTEGER NOT NULL DEFAULT 0,
  points_lsn INTEGER NOT NULL DEFAULT 0,
  points_at INTEGER,                       -- HQ's time of the last word on the points
  quota INTEGER NOT NULL DEFAULT 0,
  alias_to BLOB                            -- this id is that member from now on
);
CREATE UNIQUE INDEX member_id_0 ON member (id);
CREATE INDEX member_card_0 ON member (card_no);
CREATE INDEX member_phone_0 ON member (phone_hash);
CREATE INDEX member_last4_0 ON member (last4);
CREATE INDEX member_pinyin_0 ON member (pinyin);
CREATE INDEX member_initials_0 ON member (initials);
CREATE INDEX member_name_0 ON member (name);

-- Confirmed balances of accounts that are no member known here.
CREATE TABLE account (
  account TEXT NOT NULL,
  unit TEXT NOT NULL CHECK (unit IN ('points', 'fen')),
  confirmed INTEGER NOT NULL,
  lsn INTEGER NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (account, unit)
) WITHOUT ROWID;

CREATE TABLE coupon (
  no INTEGER PRIMARY KEY,
  id BLOB NOT NULL CHECK (length(id) = 16),
  code TEXT NOT NULL,
  member BLOB NOT NULL,
  title TEXT NOT NULL,
  benefit TEXT NOT NULL,                   -- JSON
  threshold_fen INTEGER NOT NULL,
  starts_on INTEGER NOT NULL,              -- yyyymmdd
  ends_on INTEGER NOT NULL,                -- yyyymmdd, included
  home_store TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'used', 'revoked'))
);
CREATE UNIQUE INDEX coupon_id_0 ON coupon (id);
CREATE INDEX coupon_code_0 ON coupon (code);
CREATE INDEX coupon_member_0 ON coupon (member);

-- Goods; the row's JSON is the article itself, the columns are only for finding it.
CREATE TABLE item (
  no INTEGER PRIMARY KEY,
  sku TEXT NOT NULL UNIQUE,
  plu INTEGER,
  name TEXT NOT NULL,
  pinyin TEXT NOT NULL,
  initials TEXT NOT NULL,
  body TEXT NOT NULL
);
CREATE INDEX item_plu ON item (plu) WHERE plu IS NOT NULL;
CREATE INDEX item_name ON item (name);
CREATE INDEX item_pinyin ON item (pinyin);
CREATE INDEX item_initials ON item (initials);

CREATE TABLE barcode (
  code TEXT PRIMARY KEY,
  item INTEGER NOT NULL
) WITHOUT ROWID;

-- The configuration of the chain, whole, without the goods.
CREATE TABLE programme (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  version INTEGER NOT NULL,
  body TEXT NOT NULL
);

CREATE TABLE held_cart (
  id BLOB PRIMARY KEY CHECK (length(id) = 16),
  at INTEGER NOT NULL,
  label TEXT NOT NULL,
  body TEXT NOT NULL
) WITHOUT ROWID;

-- What is asked about receipts; everything else about a sale is in its event.
CREATE TABLE sale (
  place INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('sale', 'refund')),
  sale_id BLOB NOT NULL CHECK (length(sale_id) = 16),
  receipt_no TEXT NOT NULL,
  day INTEGER NOT NULL,                    -- yyyymmdd, the store's business day
  run INTEGER NOT NULL,                    -- running number of the receipt within the day
  at INTEGER NOT NULL,
  total_fen INTEGER NOT NULL CHECK (total_fen >= 0),
  member BLOB
);

-- Where a business day begins in `sale`: receipts are found without an index of their own.
CREATE TABLE sale_day (
  day INTEGER PRIMARY KEY,
  first_place INTEGER NOT NULL
);

-- Sales that were given back; a second refund of one sale cannot be written.
CREATE TABLE refunded (
  sale_id BLOB PRIMARY KEY CHECK (length(sale_id) = 16),
  place INTEGER NOT NULL                   -- of the refund
) WITHOUT ROWID;

-- Goods that left (negative) or came back (positive), thousandths.
CREATE TABLE stock (
  place INTEGER NOT NULL,
  n INTEGER NOT NULL,
  sku TEXT NOT NULL,
  qty_milli INTEGER NOT NULL,
  PRIMARY KEY (place, n)
) WITHOUT ROWID;

-- Answers to the newest requests, so that a repeated request gets the same answer.
CREATE TABLE answer (
  no INTEGER PRIMARY KEY,
  request_id TEXT NOT NULL,
  body TEXT NOT NULL
);

CREATE TABLE shift (
  shift_no INTEGER PRIMARY KEY,
  staff TEXT NOT NULL,
  float_fen INTEGER NOT NULL,
  opened_place INTEGER NOT NULL,
  opened_at INTEGER NOT NULL,
  closed_place INTEGER,
  closed_at INTEGER
);

CREATE TABLE day_close (
  report_no INTEGER PRIMARY KEY,
  day INTEGER NOT NULL,
  place INTEGER NOT NULL,                  -- of the close itself
  at INTEGER NOT NULL
);

-- Jobs that still need something: a printer, or a look at the paper. Stays as small as the backlog.
-- The id is made of place, kind and copy: one original of a receipt can exist.
CREATE TABLE print_queue (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,                      -- what people call it: receipt number and copy
  doc TEXT NOT NULL,                       -- JSON
  state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'uncertain')),
  sent INTEGER NOT NULL DEFAULT 0,         -- bytes that may have left
  total INTEGER NOT NULL DEFAULT 0,
  sha BLOB,                                -- SHA-256 of the bytes
  attempts INTEGER NOT NULL DEFAULT 0,
  err TEXT,
  created_at INTEGER NOT NULL,
  ended_at INTEGER
);

-- Jobs that ended.
CREATE TABLE print_done (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  doc TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('confirmed', 'sent_unconfirmed', 'failed', 'cancelled', 'expired')),
  sent INTEGER NOT NULL,
  total INTEGER NOT NULL,
  sha BLOB,
  attempts INTEGER NOT NULL,
  err TEXT,
  created_at INTEGER NOT NULL,
  ended_at INTEGER NOT NULL
);
