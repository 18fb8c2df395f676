-- Every stored value, with what of it this store is lent.
SELECT substr(a.account, 8), a.balance, coalesce(q.fen, 0), q.until
FROM account a
LEFT JOIN quota q ON q.shard = a.shard AND q.member = substr(a.account, 8) AND q.store = ?1
WHERE a.account LIKE 'stored:%' AND a.unit = 'fen' AND a.balance <> 0
ORDER BY a.shard, a.account
