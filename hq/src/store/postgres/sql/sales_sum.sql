-- Count and sum of a store's day, by kind.
SELECT kind, count(*), sum(total_fen)::bigint, sum(earned)::bigint, sum(redeemed)::bigint
FROM sale
WHERE store = $1 AND biz_date = $2
GROUP BY kind
ORDER BY kind
