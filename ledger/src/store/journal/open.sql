-- Begins a stream; its head is its genesis.
INSERT INTO stream (terminal, epoch, parent_epoch, parent_seq, parent_hash, head_hash)
VALUES (?1, ?2, ?3, ?4, ?5, ?6)
