-- The refunds that gave sales back, many at once; each by its key, whatever the server believes of the
-- table's size.
SELECT r.*
FROM unnest($1::bigint[], $2::text[]) AS wanted (terminal, sale)
CROSS JOIN LATERAL (
  SELECT sale, refund
  FROM refunded
  WHERE refunded.terminal = wanted.terminal AND refunded.sale = wanted.sale
  OFFSET 0
) AS r
