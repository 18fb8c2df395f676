-- Forgets nonces whose signatures are dead.
DELETE
FROM nonce
WHERE at < $1
