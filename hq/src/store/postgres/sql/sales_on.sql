-- Sales and refunds booked on a store's day.
SELECT s.store, s.biz_date, s.terminal, s.epoch, s.seq, s.kind, s.receipt_no, s.total_fen, s.member,
  s.earned, s.redeemed, s.received_at, i.verdict, i.code, i.case_id
FROM sale s JOIN inbox i USING (terminal, epoch, seq)
WHERE s.store = $1 AND s.biz_date = $2
ORDER BY s.terminal, s.epoch, s.seq
