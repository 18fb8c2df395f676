-- What is pending on one account is found without reading the whole queue: a till that is in the dark for
-- days asks it at every scan. A sale still writes one page of it.
CREATE TABLE pending_by_account (
  account TEXT NOT NULL,
  unit TEXT NOT NULL CHECK (unit IN ('points', 'fen')),
  place INTEGER NOT NULL,
  leg INTEGER NOT NULL,
  delta INTEGER NOT NULL,
  spend INTEGER NOT NULL CHECK (spend IN (0, 1, 2)), -- 1 spent with HQ asked, 2 spent on the quota
  PRIMARY KEY (account, unit, place, leg)
) WITHOUT ROWID;
INSERT INTO pending_by_account (account, unit, place, leg, delta, spend)
SELECT account, unit, place, leg, delta, spend FROM pending;
DROP TABLE pending;
ALTER TABLE pending_by_account RENAME TO pending;
-- What all members spent without HQ. Few sales do.
CREATE INDEX pending_spent ON pending (unit, delta) WHERE spend = 2;
