-- Everything headquarters keeps, as in the embedded database, with keys that can be spread over many
-- machines: the shard (or the terminal) leads every key of a table that grows with sales. No sequences,
-- no triggers, no foreign keys, no unique constraint beyond a key. Every number is a bigint; text sorts by
-- its bytes, whatever the server's locale.

-- Settings and keys of this chain.
CREATE TABLE meta (
  k text COLLATE "C" PRIMARY KEY,
  v bytea NOT NULL
);

-- Where each of the 256 logs stands. A transaction that writes to a log locks its row first, so numbers
-- are dense and commit in order. Updated in place: the page keeps room for new versions of its rows.
CREATE TABLE shard (
  id    bigint PRIMARY KEY CHECK (id BETWEEN 0 AND 255),
  lsn   bigint NOT NULL CHECK (lsn >= 0),
  chain bytea  NOT NULL CHECK (length(chain) = 32)
) WITH (fillfactor = 10);

-- What was decided, as the exact line that tills read.
CREATE TABLE log (
  shard bigint NOT NULL,
  lsn   bigint NOT NULL,
  chain bytea  NOT NULL,   -- chain value after this line
  line  text   NOT NULL,
  PRIMARY KEY (shard, lsn)
);

CREATE TABLE store (
  id           text COLLATE "C" PRIMARY KEY,
  name         text   NOT NULL,
  address      text   NOT NULL,
  phone        text   NOT NULL,
  offset_min   bigint NOT NULL,   -- minutes east of UTC
  cutover_hour bigint NOT NULL CHECK (cutover_hour BETWEEN 0 AND 23),
  footer       text   NOT NULL    -- JSON list of the receipt's last lines
);

CREATE TABLE staff (
  store    text COLLATE "C" NOT NULL,
  id       text COLLATE "C" NOT NULL,
  name     text NOT NULL,
  role     text NOT NULL CHECK (role IN ('cashier', 'supervisor')),
  pin_hash text NOT NULL,         -- Argon2id, PHC string
  PRIMARY KEY (store, id)
);

CREATE TABLE item (sku text COLLATE "C" PRIMARY KEY, body text NOT NULL);

CREATE TABLE terminal (
  id           bigint PRIMARY KEY,
  store        text COLLATE "C" NOT NULL,
  till_no      bigint NOT NULL,
  public_key   bytea  NOT NULL CHECK (length(public_key) = 32),
  app_version  text   NOT NULL,
  epoch        bigint NOT NULL,   -- the last one that headquarters gave out
  enrolled_at  bigint NOT NULL,
  last_contact bigint NOT NULL,
  told_epoch   bigint,            -- what the till said it holds, at its last hello
  told_seq     bigint,
  revoked_at   bigint
);

-- One-time enrolment codes, hashed.
CREATE TABLE enrol_code (
  hash       bytea PRIMARY KEY,
  store      text COLLATE "C" NOT NULL,
  till_no    bigint NOT NULL,
  expires_at bigint NOT NULL,
  used_at    bigint
);

-- Requests seen by any of the servers on this database, for as long as their signatures live.
CREATE TABLE nonce (
  terminal bigint NOT NULL,
  nonce    bytea  NOT NULL,
  at       bigint NOT NULL,
  PRIMARY KEY (terminal, nonce)
);

-- One append-only history of a terminal. `epoch` is the unsigned number's bits.
CREATE TABLE stream (
  terminal bigint NOT NULL,
  epoch    bigint NOT NULL,
  received bigint NOT NULL,
  head     bytea  NOT NULL,       -- hash of event `received`
  stable   bigint NOT NULL,
  PRIMARY KEY (terminal, epoch)
) WITH (fillfactor = 50);

-- Every line that was received, as it came.
CREATE TABLE inbox (
  terminal    bigint NOT NULL,
  epoch       bigint NOT NULL,
  seq         bigint NOT NULL CHECK (seq >= 1),
  hash        bytea  NOT NULL,
  line        bytea  NOT NULL,
  received_at bigint NOT NULL,
  verdict     text   NOT NULL,
  code        text   NOT NULL,
  shard       bigint NOT NULL,
  lsn         bigint NOT NULL,    -- 0 while parked
  case_id     text,
  waits_for   text COLLATE "C",
  PRIMARY KEY (terminal, epoch, seq)
);
CREATE INDEX inbox_waiting ON inbox (waits_for) WHERE waits_for IS NOT NULL;
-- How far a stream is decided: asked after every push.
CREATE INDEX inbox_parked ON inbox (terminal, epoch, seq) WHERE waits_for IS NOT NULL;

CREATE TABLE account (
  shard   bigint NOT NULL,
  account text COLLATE "C" NOT NULL,
  unit    text COLLATE "C" NOT NULL,
  balance bigint NOT NULL,
  PRIMARY KEY (shard, account, unit)
) WITH (fillfactor = 70);

-- The movements of each account, newest last: the answer to "why this number?".
CREATE TABLE posting (
  shard         bigint NOT NULL,
  account       text COLLATE "C" NOT NULL,
  lsn           bigint NOT NULL,
  n             bigint NOT NULL,
  unit          text   NOT NULL,
  delta         bigint NOT NULL,
  balance_after bigint NOT NULL,
  reason        text   NOT NULL,
  cause         text   NOT NULL,
  at            bigint NOT NULL,
  PRIMARY KEY (shard, account, lsn, n)
);

CREATE TABLE member (
  shard      bigint NOT NULL,
  id         text COLLATE "C" NOT NULL,
  root       text COLLATE "C" NOT NULL,   -- itself, or the member that it became another name of
  card_no    text COLLATE "C" NOT NULL,
  phone_hash bytea  NOT NULL,
  phone_mask text   NOT NULL,
  name       text COLLATE "C" NOT NULL,
  tier       text   NOT NULL,
  state      text   NOT NULL,
  home_store text COLLATE "C" NOT NULL,
  joined_at  bigint NOT NULL,
  PRIMARY KEY (shard, id)
);
CREATE INDEX member_card ON member (card_no);
CREATE INDEX member_name ON member (name);
CREATE INDEX member_root ON member (root) WHERE root <> id;

-- Personal data in the clear: read by the console on request, never by a log or the feed.
CREATE TABLE member_pii (
  shard  bigint NOT NULL,
  member text COLLATE "C" NOT NULL,
  phone  text NOT NULL,
  name   text NOT NULL,
  PRIMARY KEY (shard, member)
);

-- The first byte of a number's hash is its shard: a number and its owner may lie on different machines.
CREATE TABLE phone_claim (
  pshard     bigint NOT NULL,
  phone_hash bytea  NOT NULL,
  member     text COLLATE "C" NOT NULL,
  PRIMARY KEY (pshard, phone_hash)
);

CREATE TABLE quota (
  shard  bigint NOT NULL,
  member text COLLATE "C" NOT NULL,
  store  text COLLATE "C" NOT NULL,
  points bigint NOT NULL,
  PRIMARY KEY (shard, member, store)
) WITH (fillfactor = 70);

CREATE TABLE coupon (
  shard         bigint NOT NULL,
  member        text COLLATE "C" NOT NULL,
  id            text COLLATE "C" NOT NULL,
  code          text   NOT NULL,
  title         text   NOT NULL,
  benefit       text   NOT NULL,  -- JSON
  threshold_fen bigint NOT NULL,
  starts_on     bigint NOT NULL,  -- yyyymmdd
  ends_on       bigint NOT NULL,
  home_store    text   NOT NULL,
  state         text   NOT NULL,
  used_by       text,             -- event key
  PRIMARY KEY (shard, member, id)
);
CREATE INDEX coupon_id ON coupon (id);

-- Which refund gave a sale back; keyed by the sale, after its terminal.
CREATE TABLE refunded (
  terminal bigint NOT NULL,
  sale     text COLLATE "C" NOT NULL,   -- event key
  refund   text NOT NULL,               -- event key
  PRIMARY KEY (terminal, sale)
);

-- Sales and refunds by day, for the console and the nightly comparison.
CREATE TABLE sale (
  terminal    bigint NOT NULL,
  epoch       bigint NOT NULL,
  seq         bigint NOT NULL,
  store       text COLLATE "C" NOT NULL,
  biz_date    bigint NOT NULL,
  kind        text COLLATE "C" NOT NULL,
  receipt_no  text   NOT NULL,
  total_fen   bigint NOT NULL,
  member      text,
  earned      bigint NOT NULL,
  redeemed    bigint NOT NULL,
  received_at bigint NOT NULL,
  PRIMARY KEY (terminal, epoch, seq)
);
CREATE INDEX sale_day ON sale (store, biz_date);
CREATE INDEX sale_recent ON sale (received_at);

CREATE TABLE day_close (
  terminal  bigint NOT NULL,
  epoch     bigint NOT NULL,
  seq       bigint NOT NULL,
  store     text COLLATE "C" NOT NULL,
  biz_date  bigint NOT NULL,
  report_no bigint NOT NULL,
  agreed    bigint NOT NULL CHECK (agreed IN (0, 1)),
  till      text NOT NULL,        -- JSON totals
  hq        text NOT NULL,
  PRIMARY KEY (terminal, epoch, seq)
);
CREATE INDEX day_close_day ON day_close (store, biz_date);

-- Exceptions for people. `version` makes the second of two answers lose.
CREATE TABLE exception_case (
  shard     bigint NOT NULL,
  id        text COLLATE "C" NOT NULL,
  kind      text   NOT NULL,
  state     text   NOT NULL CHECK (state IN ('open', 'closed')),
  version   bigint NOT NULL,
  store     text   NOT NULL,
  terminal  bigint NOT NULL,
  epoch     bigint NOT NULL,
  seq       bigint NOT NULL,
  member    text,
  other     text,
  coupon    text,
  unit      text   NOT NULL,
  amount    bigint NOT NULL,
  detail    text   NOT NULL,
  opened_at bigint NOT NULL,
  closed_at bigint,
  choice    text,
  PRIMARY KEY (shard, id)
);
CREATE INDEX exception_case_id ON exception_case (id);
CREATE INDEX exception_case_open ON exception_case (opened_at) WHERE state = 'open';

CREATE TABLE operator (
  name          text COLLATE "C" PRIMARY KEY,
  password_hash text NOT NULL,
  one_time      bigint NOT NULL CHECK (one_time IN (0, 1)) -- 1: must be exchanged at the first sign-in
);

CREATE TABLE operator_token (
  hash       bytea PRIMARY KEY,
  operator   text COLLATE "C" NOT NULL,
  expires_at bigint NOT NULL
);
