-- The cart being typed; one row, in the draft file.
CREATE TABLE IF NOT EXISTS cart (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  id BLOB NOT NULL,
  body TEXT NOT NULL
)
