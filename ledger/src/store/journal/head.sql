-- The stream that sells now: the newest.
SELECT no, terminal, epoch, parent_epoch, parent_seq, parent_hash, last_seq, head_hash, received, decided, stable
FROM stream ORDER BY no DESC LIMIT 1
