-- The stream that sells now, the newest, with its last event and the last pruned one.
SELECT s.no, s.terminal, s.epoch, s.parent_epoch, s.parent_seq, s.parent_hash,
  coalesce(e.place & 1099511627775, a.seq, 0), coalesce(e.hash, a.hash), s.received, s.decided, s.stable,
  s.closed_at, a.seq, a.hash
FROM stream s
LEFT JOIN anchor a ON a.stream = s.no
LEFT JOIN event e ON e.place = (SELECT max(place) FROM event
  WHERE place BETWEEN s.no << 40 AND coalesce((s.no << 40) + s.closed_at, (s.no + 1 << 40) - 1))
ORDER BY s.no DESC LIMIT 1
