-- First event of a stream without a final verdict. Named: SQLite would walk the whole stream instead.
SELECT min(seq)
FROM inbox INDEXED BY inbox_parked
WHERE terminal = ?1 AND epoch = ?2 AND waits_for IS NOT NULL
