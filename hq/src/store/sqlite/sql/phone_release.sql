-- The number may be claimed by somebody new.
DELETE FROM phone_claim
WHERE phone_hash = ?1 AND member = ?2
