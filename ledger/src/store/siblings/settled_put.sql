-- HQ decided everything up to here.
INSERT INTO sib_settled (terminal, epoch, through) VALUES (?1, ?2, ?3)
ON CONFLICT (terminal, epoch) DO UPDATE SET through = excluded.through
