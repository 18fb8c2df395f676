-- What waits for references, many at once, in the order in which it came.
SELECT terminal, epoch, seq, waits_for
FROM inbox
WHERE waits_for = ANY ($1::text[])
ORDER BY received_at, terminal, epoch, seq
