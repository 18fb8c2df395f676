-- Keeps a received line with its verdict.
INSERT INTO inbox (terminal, epoch, seq, hash, line, received_at, verdict, code, shard, lsn, case_id,
  waits_for)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
