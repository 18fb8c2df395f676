-- Whether something that HQ has not decided names a member.
SELECT EXISTS (SELECT 1 FROM member WHERE id = ?1 AND state = 'provisional')
  OR EXISTS (SELECT 1 FROM pending WHERE account IN (?2, ?3))
  OR EXISTS (SELECT 1 FROM sib_pending WHERE account IN (?2, ?3))
