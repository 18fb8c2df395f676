-- Balances, many at once.
SELECT a.shard, a.account, a.unit, a.balance
FROM unnest($1::bigint[], $2::text[], $3::text[]) AS wanted (shard, account, unit)
JOIN account a ON a.shard = wanted.shard AND a.account = wanted.account AND a.unit = wanted.unit
