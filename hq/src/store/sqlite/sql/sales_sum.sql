-- Count and sum of a store's day, by kind.
SELECT kind, count(*), sum(total_fen), sum(earned), sum(redeemed)
FROM sale
WHERE store = ?1 AND biz_date = ?2
GROUP BY kind
