-- What HQ made of one event.
SELECT epoch, seq, verdict, code, shard, lsn, case_id FROM sync_outcome WHERE epoch = ?1 AND seq = ?2
