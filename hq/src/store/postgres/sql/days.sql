-- Day closes of a store.
SELECT terminal, epoch, seq, report_no, agreed, till, hq
FROM day_close
WHERE store = $1 AND biz_date = $2
ORDER BY terminal, epoch, seq
