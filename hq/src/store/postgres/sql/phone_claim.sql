-- Claims a number that this transaction saw free; a claim made meanwhile is a conflict.
INSERT INTO phone_claim (pshard, phone_hash, member)
VALUES ($1, $2, $3)
