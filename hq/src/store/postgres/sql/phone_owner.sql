-- Who holds a phone number.
SELECT member
FROM phone_claim
WHERE pshard = $1 AND phone_hash = $2
