-- Entries for a later program.
SELECT line FROM sync_parked
