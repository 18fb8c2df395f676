-- The refunds that gave sales back, many at once.
SELECT r.sale, r.refund
FROM unnest($1::bigint[], $2::text[]) AS wanted (terminal, sale)
JOIN refunded r ON r.terminal = wanted.terminal AND r.sale = wanted.sale
