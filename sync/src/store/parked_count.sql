-- How many entries wait for a later build.
SELECT count(*) FROM sync_parked
