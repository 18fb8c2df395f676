-- Holds, stored value, erasure, interest: what deciding needs beyond points.

ALTER TABLE quota ADD COLUMN fen INTEGER NOT NULL DEFAULT 0;      -- stored value lent
ALTER TABLE quota ADD COLUMN until INTEGER;                        -- HQ's clock, ms; null = no end
ALTER TABLE coupon ADD COLUMN changed_lsn INTEGER NOT NULL DEFAULT 0; -- entry that gave it its state

-- One JSON body by kind and id: things that need no table of their own. Kinds: sync, decide/kept.
CREATE TABLE kept (
  shard INTEGER NOT NULL,
  kind  TEXT NOT NULL,
  id    TEXT NOT NULL,
  body  TEXT NOT NULL,
  PRIMARY KEY (shard, kind, id)
) WITHOUT ROWID;

-- Which stores hear of a member. No row for any store: nobody asked for less than everything.
CREATE TABLE interest (
  shard  INTEGER NOT NULL,
  member TEXT NOT NULL,
  store  TEXT NOT NULL,
  PRIMARY KEY (shard, member, store)
) WITHOUT ROWID;
