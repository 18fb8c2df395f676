-- By the printed number, looked for from where its day begins.
SELECT s.place, s.kind, s.sale_id, s.receipt_no, s.day, s.at, s.total_fen, s.member, EXISTS (SELECT 1 FROM refunded f WHERE f.sale_id = s.sale_id)
FROM sale s WHERE s.place >= (SELECT first_place FROM sale_day WHERE day = ?1) AND s.day = ?1 AND s.run = ?2
AND s.receipt_no = ?3 ORDER BY s.place DESC LIMIT 1
