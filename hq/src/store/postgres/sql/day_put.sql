-- Keeps a day close with both totals.
INSERT INTO day_close (store, biz_date, terminal, epoch, seq, report_no, agreed, till, hq)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (terminal, epoch, seq) DO UPDATE
SET store = excluded.store, biz_date = excluded.biz_date, report_no = excluded.report_no, agreed
  = excluded.agreed, till = excluded.till, hq = excluded.hq
