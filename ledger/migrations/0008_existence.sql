-- Pages of the existence filter, 0 to the last: who may be a member of the chain whom this till does not hold.
-- Empty where the till holds everybody, or was not told.
CREATE TABLE existence (
  no INTEGER PRIMARY KEY,
  bits BLOB NOT NULL
);
