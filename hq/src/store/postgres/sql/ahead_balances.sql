-- Balances, many at once; each by its key, whatever the server believes of the table's size.
SELECT a.*
FROM unnest($1::bigint[], $2::text[], $3::text[]) AS wanted (shard, account, unit)
CROSS JOIN LATERAL (
  SELECT shard, account, unit, balance
  FROM account
  WHERE account.shard = wanted.shard AND account.account = wanted.account AND account.unit = wanted.unit
  OFFSET 0
) AS a
