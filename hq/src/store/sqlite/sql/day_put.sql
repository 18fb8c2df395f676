-- Keeps a day close with both totals.
INSERT OR REPLACE INTO day_close (store, biz_date, terminal, epoch, seq, report_no, agreed, till, hq)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
