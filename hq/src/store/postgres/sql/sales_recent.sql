-- Newest sales and refunds.
SELECT s.store, s.biz_date, s.terminal, s.epoch, s.seq, s.kind, s.receipt_no, s.total_fen, s.member,
  s.earned, s.redeemed, s.received_at, i.verdict, i.code, i.case_id
FROM sale s JOIN inbox i USING (terminal, epoch, seq)
ORDER BY s.received_at DESC, s.terminal, s.epoch, s.seq DESC LIMIT $1
