-- First event of a stream without a final verdict.
SELECT min(seq)
FROM inbox
WHERE terminal = $1 AND epoch = $2 AND waits_for IS NOT NULL
