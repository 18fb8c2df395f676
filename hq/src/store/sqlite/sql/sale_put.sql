-- Keeps a sale for the console.
INSERT OR REPLACE INTO sale (store, biz_date, terminal, epoch, seq, kind, receipt_no, total_fen, member,
  earned, redeemed, received_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
