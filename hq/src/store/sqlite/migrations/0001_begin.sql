-- Everything headquarters keeps. Hot tables lead with the shard (or the stream), no sequences, no
-- triggers, no cross-shard foreign keys: the same tables can be spread over many machines.

-- Settings and keys of this chain.
CREATE TABLE meta (k TEXT PRIMARY KEY, v BLOB NOT NULL) WITHOUT ROWID;

-- Where each of the 256 logs stands. Locked by the one writer before anything is read.
CREATE TABLE shard (
  id    INTEGER PRIMARY KEY CHECK (id BETWEEN 0 AND 255),
  lsn   INTEGER NOT NULL CHECK (lsn >= 0),
  chain BLOB NOT NULL CHECK (length(chain) = 32)
);

-- What was decided, as the exact line that tills read.
CREATE TABLE log (
  shard INTEGER NOT NULL,
  lsn   INTEGER NOT NULL,
  chain BLOB NOT NULL,   -- chain value after this line
  line  TEXT NOT NULL,
  PRIMARY KEY (shard, lsn)
) WITHOUT ROWID;

CREATE TABLE store (
  id           TEXT PRIMARY KEY,
  name         TEXT NOT NULL,
  address      TEXT NOT NULL,
  phone        TEXT NOT NULL,
  offset_min   INTEGER NOT NULL,   -- minutes east of UTC
  cutover_hour INTEGER NOT NULL CHECK (cutover_hour BETWEEN 0 AND 23),
  footer       TEXT NOT NULL       -- JSON list of the receipt's last lines
) WITHOUT ROWID;

CREATE TABLE staff (
  store    TEXT NOT NULL,
  id       TEXT NOT NULL,
  name     TEXT NOT NULL,
  role     TEXT NOT NULL CHECK (role IN ('cashier', 'supervisor')),
  pin_hash TEXT NOT NULL,          -- Argon2id, PHC string
  PRIMARY KEY (store, id)
) WITHOUT ROWID;

CREATE TABLE item (sku TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE terminal (
  id           INTEGER PRIMARY KEY,
  store        TEXT NOT NULL,
  till_no      INTEGER NOT NULL,
  public_key   BLOB NOT NULL CHECK (length(public_key) = 32),
  app_version  TEXT NOT NULL,
  epoch        INTEGER NOT NULL,   -- the last one that headquarters gave out
  enrolled_at  INTEGER NOT NULL,
  last_contact INTEGER NOT NULL,
  told_epoch   INTEGER,            -- what the till said it holds, at its last hello
  told_seq     INTEGER,
  revoked_at   INTEGER
);

-- One-time enrolment codes, hashed.
CREATE TABLE enrol_code (
  hash       BLOB PRIMARY KEY,
  store      TEXT NOT NULL,
  till_no    INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at    INTEGER
) WITHOUT ROWID;

-- One append-only history of a terminal. `epoch` is the unsigned number's bits.
CREATE TABLE stream (
  terminal INTEGER NOT NULL,
  epoch    INTEGER NOT NULL,
  received INTEGER NOT NULL,
  head     BLOB NOT NULL,          -- hash of event `received`
  stable   INTEGER NOT NULL,
  PRIMARY KEY (terminal, epoch)
) WITHOUT ROWID;

-- Every line that was received, as it came.
CREATE TABLE inbox (
  terminal    INTEGER NOT NULL,
  epoch       INTEGER NOT NULL,
  seq         INTEGER NOT NULL CHECK (seq >= 1),
  hash        BLOB NOT NULL,
  line        BLOB NOT NULL,
  received_at INTEGER NOT NULL,
  verdict     TEXT NOT NULL,
  code        TEXT NOT NULL,
  shard       INTEGER NOT NULL,
  lsn         INTEGER NOT NULL,    -- 0 while parked
  case_id     TEXT,
  waits_for   TEXT,
  PRIMARY KEY (terminal, epoch, seq)
) WITHOUT ROWID;
CREATE INDEX inbox_waiting ON inbox (waits_for) WHERE waits_for IS NOT NULL;
-- How far a stream is decided: asked after every push.
CREATE INDEX inbox_parked ON inbox (terminal, epoch, seq) WHERE waits_for IS NOT NULL;

CREATE TABLE account (
  shard   INTEGER NOT NULL,
  account TEXT NOT NULL,
  unit    TEXT NOT NULL,
  balance INTEGER NOT NULL,
  PRIMARY KEY (shard, account, unit)
) WITHOUT ROWID;

-- The movements of each account, newest last: the answer to "why this number?".
CREATE TABLE posting (
  shard         INTEGER NOT NULL,
  account       TEXT NOT NULL,
  lsn           INTEGER NOT NULL,
  n             INTEGER NOT NULL,
  unit          TEXT NOT NULL,
  delta         INTEGER NOT NULL,
  balance_after INTEGER NOT NULL,
  reason        TEXT NOT NULL,
  cause         TEXT NOT NULL,
  at            INTEGER NOT NULL,
  PRIMARY KEY (shard, account, lsn, n)
) WITHOUT ROWID;

CREATE TABLE member (
  shard      INTEGER NOT NULL,
  id         TEXT NOT NULL,
  root       TEXT NOT NULL,        -- itself, or the member that it became another name of
  card_no    TEXT NOT NULL,
  phone_hash BLOB NOT NULL,
  phone_mask TEXT NOT NULL,
  name       TEXT NOT NULL,
  tier       TEXT NOT NULL,
  state      TEXT NOT NULL,
  home_store TEXT NOT NULL,
  joined_at  INTEGER NOT NULL,
  PRIMARY KEY (shard, id)
) WITHOUT ROWID;
CREATE INDEX member_card ON member (card_no);
CREATE INDEX member_name ON member (name);
CREATE INDEX member_root ON member (root) WHERE root <> id;

-- Personal data in the clear: read by the console on request, never by a log or the feed.
CREATE TABLE member_pii (member TEXT PRIMARY KEY, phone TEXT NOT NULL, name TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE phone_claim (phone_hash BLOB PRIMARY KEY, member TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE quota (
  shard  INTEGER NOT NULL,
  member TEXT NOT NULL,
  store  TEXT NOT NULL,
  points INTEGER NOT NULL,
  PRIMARY KEY (shard, member, store)
) WITHOUT ROWID;

CREATE TABLE coupon (
  shard         INTEGER NOT NULL,
  member        TEXT NOT NULL,
  id            TEXT NOT NULL,
  code          TEXT NOT NULL,
  title         TEXT NOT NULL,
  benefit       TEXT NOT NULL,     -- JSON
  threshold_fen INTEGER NOT NULL,
  starts_on     INTEGER NOT NULL,  -- yyyymmdd
  ends_on       INTEGER NOT NULL,
  home_store    TEXT NOT NULL,
  state         TEXT NOT NULL,
  used_by       TEXT,              -- event key
  PRIMARY KEY (shard, member, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX coupon_id ON coupon (id);

CREATE TABLE refunded (sale TEXT PRIMARY KEY, refund TEXT NOT NULL) WITHOUT ROWID;

-- Sales and refunds by day, for the console and the nightly comparison.
CREATE TABLE sale (
  store       TEXT NOT NULL,
  biz_date    INTEGER NOT NULL,
  terminal    INTEGER NOT NULL,
  epoch       INTEGER NOT NULL,
  seq         INTEGER NOT NULL,
  kind        TEXT NOT NULL,
  receipt_no  TEXT NOT NULL,
  total_fen   INTEGER NOT NULL,
  member      TEXT,
  earned      INTEGER NOT NULL,
  redeemed    INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  PRIMARY KEY (store, biz_date, terminal, epoch, seq)
) WITHOUT ROWID;
CREATE INDEX sale_recent ON sale (received_at);

CREATE TABLE day_close (
  store     TEXT NOT NULL,
  biz_date  INTEGER NOT NULL,
  terminal  INTEGER NOT NULL,
  epoch     INTEGER NOT NULL,
  seq       INTEGER NOT NULL,
  report_no INTEGER NOT NULL,
  agreed    INTEGER NOT NULL,
  till      TEXT NOT NULL,         -- JSON totals
  hq        TEXT NOT NULL,
  PRIMARY KEY (store, biz_date, terminal, epoch, seq)
) WITHOUT ROWID;

-- Exceptions for people. `version` makes the second of two answers lose.
CREATE TABLE exception_case (
  id        TEXT PRIMARY KEY,
  kind      TEXT NOT NULL,
  state     TEXT NOT NULL CHECK (state IN ('open', 'closed')),
  version   INTEGER NOT NULL,
  shard     INTEGER NOT NULL,
  store     TEXT NOT NULL,
  terminal  INTEGER NOT NULL,
  epoch     INTEGER NOT NULL,
  seq       INTEGER NOT NULL,
  member    TEXT,
  other     TEXT,
  coupon    TEXT,
  unit      TEXT NOT NULL,
  amount    INTEGER NOT NULL,
  detail    TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  closed_at INTEGER,
  choice    TEXT
) WITHOUT ROWID;
CREATE INDEX exception_case_open ON exception_case (opened_at) WHERE state = 'open';

CREATE TABLE operator (
  name          TEXT PRIMARY KEY,
  password_hash TEXT NOT NULL,
  one_time      INTEGER NOT NULL   -- 1: must be exchanged at the first sign-in
) WITHOUT ROWID;

CREATE TABLE operator_token (
  hash       BLOB PRIMARY KEY,
  operator   TEXT NOT NULL,
  expires_at INTEGER NOT NULL
) WITHOUT ROWID;
