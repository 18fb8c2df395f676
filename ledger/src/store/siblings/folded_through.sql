-- HQ decided everything up to here: single numbers need not be kept.
DELETE FROM sib_folded WHERE terminal = ?1 AND epoch = ?2 AND seq <= ?3
