-- What stands on the exception accounts.
SELECT account, unit, sum(balance)::bigint
FROM account
WHERE account LIKE 'exception:%'
GROUP BY account, unit
ORDER BY account, unit
