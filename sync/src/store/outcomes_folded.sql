-- Final verdicts whose entry lies at or below the cursor of its shard.
SELECT o.epoch, o.seq FROM sync_outcome o JOIN sync_cursor c ON c.shard = o.shard
WHERE o.verdict <> 'parked' AND o.lsn BETWEEN 1 AND c.lsn
