-- What a person should still look at.
SELECT epoch, seq, verdict, code, shard, lsn, case_id FROM sync_outcome
WHERE seen = 0 AND verdict <> 'applied' ORDER BY epoch, seq LIMIT ?1
