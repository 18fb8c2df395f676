-- Sum of all accounts per unit; every one must be zero.
SELECT unit, sum(balance)::bigint
FROM account
GROUP BY unit
ORDER BY unit
