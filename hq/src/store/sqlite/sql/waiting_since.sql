-- Parked events that were received before a moment, oldest first.
SELECT terminal, epoch, seq, received_at
FROM inbox
WHERE waits_for IS NOT NULL AND received_at < ?1
ORDER BY received_at, terminal, epoch, seq LIMIT ?2
