-- The number may be claimed by somebody new.
DELETE
FROM phone_claim
WHERE pshard = $1 AND phone_hash = $2 AND member = $3
