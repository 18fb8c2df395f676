-- One provisional posting of a sibling's event.
INSERT INTO sib_pending (terminal, epoch, seq, leg, account, unit, delta, spend) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
