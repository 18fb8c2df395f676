-- A snapshot replaces everything that entries said.
DELETE FROM sync_parked
