-- What was said of an account that the till keeps no more.
DELETE FROM sync_divergence WHERE account = ?1
