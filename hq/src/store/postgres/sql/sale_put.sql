-- Keeps sales for the console.
INSERT INTO sale (store, biz_date, terminal, epoch, seq, kind, receipt_no, total_fen, member,
  earned, redeemed, received_at)
SELECT *
FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[], $7::text[],
  $8::bigint[], $9::text[], $10::bigint[], $11::bigint[], $12::bigint[])
ON CONFLICT (terminal, epoch, seq) DO UPDATE
SET store = excluded.store, biz_date = excluded.biz_date, kind = excluded.kind, receipt_no
  = excluded.receipt_no, total_fen = excluded.total_fen, member = excluded.member, earned
  = excluded.earned, redeemed = excluded.redeemed, received_at = excluded.received_at
