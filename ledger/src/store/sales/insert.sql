-- A sale or a refund among the receipts of this till.
INSERT INTO sale (place, kind, sale_id, receipt_no, day, run, at, total_fen, member)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
