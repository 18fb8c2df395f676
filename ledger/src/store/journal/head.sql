-- The stream that sells now, the newest, with its last event.
SELECT s.no, s.terminal, s.epoch, s.parent_epoch, s.parent_seq, s.parent_hash, coalesce(e.place & 1099511627775, 0),
  e.hash, s.received, s.decided, s.stable
FROM stream s LEFT JOIN event e
  ON e.place = (SELECT max(place) FROM event WHERE place BETWEEN s.no << 40 AND (s.no + 1 << 40) - 1)
ORDER BY s.no DESC LIMIT 1
