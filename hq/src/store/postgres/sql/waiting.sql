-- Events that wait for a reference.
SELECT terminal, epoch, seq
FROM inbox
WHERE waits_for = $1
ORDER BY received_at, terminal, epoch, seq
