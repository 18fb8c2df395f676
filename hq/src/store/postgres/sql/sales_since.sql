-- Count and sum of sales received since.
SELECT count(*), coalesce(sum(total_fen), 0)::bigint
FROM sale
WHERE received_at >= $1 AND kind = 'sale'
