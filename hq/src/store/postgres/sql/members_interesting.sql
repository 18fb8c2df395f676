-- The members that a store hears of.
SELECT member
FROM interest
WHERE store = $1
ORDER BY member
