-- First events of streams without a final verdict, many streams at once.
SELECT i.terminal, i.epoch, min(i.seq)
FROM unnest($1::bigint[], $2::bigint[]) AS wanted (terminal, epoch)
JOIN inbox i ON i.terminal = wanted.terminal AND i.epoch = wanted.epoch
WHERE i.waits_for IS NOT NULL
GROUP BY i.terminal, i.epoch
