-- One event of a sibling.
INSERT INTO sib_event (terminal, epoch, seq, line, pii, chain_sig, heard_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
