-- The entry came before its author told of the event.
INSERT OR IGNORE INTO sib_folded (terminal, epoch, seq)
SELECT ?1, ?2, ?3
WHERE NOT EXISTS (SELECT 1 FROM sib_stream WHERE terminal = ?1 AND epoch = ?2 AND through >= ?3)
