-- Who holds phone numbers, many at once.
SELECT p.phone_hash, p.member
FROM unnest($1::bigint[], $2::bytea[]) AS wanted (pshard, phone_hash)
JOIN phone_claim p ON p.pshard = wanted.pshard AND p.phone_hash = wanted.phone_hash
