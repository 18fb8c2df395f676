-- The first to claim a number holds it.
INSERT OR IGNORE INTO phone_claim (phone_hash, member)
VALUES (?1, ?2)
