-- A sale is given back once.
INSERT OR IGNORE INTO refunded (sale, refund)
VALUES (?1, ?2)
