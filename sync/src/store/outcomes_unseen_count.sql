-- How much a person should still look at.
SELECT count(*) FROM sync_outcome WHERE seen = 0 AND verdict <> 'applied'
