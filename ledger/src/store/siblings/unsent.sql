-- Events of a sibling that HQ may lack, in order.
SELECT seq, line, pii, chain_sig, heard_at FROM sib_event
WHERE terminal = ?1 AND epoch = ?2 AND seq > ?3 ORDER BY seq LIMIT ?4
