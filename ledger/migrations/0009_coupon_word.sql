-- HQ's last word on a coupon, with its number in the log of the coupon's member: a till of its store's members hears
-- of a member's other names together with the member, and their coupons may have moved on by then.
CREATE TABLE coupon_word (
  id BLOB PRIMARY KEY CHECK (length(id) = 16),
  state TEXT NOT NULL CHECK (state IN ('open', 'used', 'revoked')),
  lsn INTEGER NOT NULL
) WITHOUT ROWID;
