-- Sets a balance to what the entry says.
INSERT INTO account (shard, account, unit, balance)
VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (shard, account, unit) DO UPDATE
SET balance = excluded.balance
