-- By the id on the receipt; ids are found from the newest backwards, most questions are about the last hour.
SELECT s.place, s.kind, s.sale_id, s.receipt_no, s.day, s.at, s.total_fen, s.member, EXISTS (SELECT 1 FROM refunded f WHERE f.sale_id = s.sale_id)
FROM sale s WHERE s.sale_id = ?1 ORDER BY s.place DESC LIMIT 1
