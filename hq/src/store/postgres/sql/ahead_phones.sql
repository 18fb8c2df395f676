-- Who holds phone numbers, many at once; each by its key, whatever the server believes of the table's size.
SELECT p.*
FROM unnest($1::bigint[], $2::bytea[]) AS wanted (pshard, phone_hash)
CROSS JOIN LATERAL (
  SELECT phone_hash, member
  FROM phone_claim
  WHERE phone_claim.pshard = wanted.pshard AND phone_claim.phone_hash = wanted.phone_hash
  OFFSET 0
) AS p
