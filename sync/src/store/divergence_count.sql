-- How often HQ's balance did not follow from the one known here.
SELECT count(*) FROM sync_divergence
