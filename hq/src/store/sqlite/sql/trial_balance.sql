-- Sum of all accounts per unit; every one must be zero.
SELECT unit, sum(balance)
FROM account
GROUP BY unit
ORDER BY unit
