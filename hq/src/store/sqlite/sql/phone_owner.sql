-- Who holds a phone number.
SELECT member
FROM phone_claim
WHERE phone_hash = ?1
