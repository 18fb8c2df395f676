-- Moves a stream's watermark.
INSERT INTO stream (terminal, epoch, received, head, stable)
VALUES ($1, $2, $3, $4, 0)
ON CONFLICT (terminal, epoch) DO UPDATE
SET received = excluded.received, head = excluded.head
