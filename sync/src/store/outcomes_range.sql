-- Final verdicts on some events of one stream.
SELECT epoch, seq, verdict, code, shard, lsn, case_id FROM sync_outcome
WHERE epoch = ?1 AND seq BETWEEN ?2 AND ?3 AND verdict <> 'parked' ORDER BY seq
