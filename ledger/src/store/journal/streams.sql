-- All streams, oldest first.
SELECT no, terminal, epoch, parent_epoch, parent_seq, parent_hash, last_seq, head_hash, received, decided, stable
FROM stream ORDER BY no
