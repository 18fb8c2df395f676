-- Sets balances to what the entries say.
INSERT INTO account (shard, account, unit, balance)
SELECT *
FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[])
ON CONFLICT (shard, account, unit) DO UPDATE
SET balance = excluded.balance
