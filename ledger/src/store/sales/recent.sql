-- Newest receipts first.
SELECT s.place, s.kind, s.sale_id, s.receipt_no, s.day, s.at, s.total_fen, s.member, EXISTS (SELECT 1 FROM refunded f WHERE f.sale_id = s.sale_id)
FROM sale s ORDER BY s.place DESC LIMIT ?1
