-- Whether this till wrote event ?3 of a stream and did not cut it off: it lies here, or it was pruned. Asked
-- for every entry of the log.
SELECT ?3 BETWEEN 1 AND coalesce(s.closed_at, ?3)
  AND (EXISTS (SELECT 1 FROM event e WHERE e.place = (s.no << 40) + ?3)
    OR EXISTS (SELECT 1 FROM anchor a WHERE a.stream = s.no AND a.seq >= ?3))
FROM stream s WHERE s.epoch = ?1 AND s.terminal = ?2
