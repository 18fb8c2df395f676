-- Holds, stored value, erasure, interest: what deciding needs beyond points.

ALTER TABLE quota ADD COLUMN fen bigint NOT NULL DEFAULT 0;            -- stored value lent
ALTER TABLE quota ADD COLUMN until bigint;                             -- HQ's clock, ms; null = no end
ALTER TABLE coupon ADD COLUMN changed_lsn bigint NOT NULL DEFAULT 0;   -- entry that gave it its state

-- One JSON body by kind and id: things that need no table of their own. Kinds: sync, decide/kept.
CREATE TABLE kept (
  shard bigint NOT NULL,
  kind  text COLLATE "C" NOT NULL,
  id    text COLLATE "C" NOT NULL,
  body  text NOT NULL,
  PRIMARY KEY (shard, kind, id)
);

-- Which stores hear of a member. No row for any store: nobody asked for less than everything.
CREATE TABLE interest (
  shard  bigint NOT NULL,
  member text COLLATE "C" NOT NULL,
  store  text COLLATE "C" NOT NULL,
  PRIMARY KEY (shard, member, store)
);
