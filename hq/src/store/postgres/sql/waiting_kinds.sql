-- Events of kinds that were unknown when they came.
SELECT terminal, epoch, seq
FROM inbox
WHERE waits_for >= 'kind:' AND waits_for < 'kind;'
ORDER BY received_at, terminal, epoch, seq
