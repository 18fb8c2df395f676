-- Begins a stream.
INSERT INTO stream (terminal, epoch, parent_epoch, parent_seq, parent_hash) VALUES (?1, ?2, ?3, ?4, ?5)
