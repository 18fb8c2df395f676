-- Day and running number of the newest receipt.
SELECT day, run FROM sale ORDER BY place DESC LIMIT 1
