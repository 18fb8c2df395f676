-- Whether HQ's word on the event was folded here.
SELECT EXISTS (SELECT 1 FROM sib_settled WHERE terminal = ?1 AND epoch = ?2 AND through >= ?3)
  OR EXISTS (SELECT 1 FROM sib_folded WHERE terminal = ?1 AND epoch = ?2 AND seq = ?3)
