-- HQ's verdict on an own event. Final beats parked; the same again changes nothing.
INSERT INTO sync_outcome (epoch, seq, verdict, code, shard, lsn, case_id)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
ON CONFLICT (epoch, seq) DO UPDATE SET
  seen = CASE WHEN sync_outcome.verdict = excluded.verdict AND sync_outcome.code = excluded.code
    THEN sync_outcome.seen ELSE 0 END,
  verdict = excluded.verdict, code = excluded.code, shard = excluded.shard, lsn = excluded.lsn,
  case_id = excluded.case_id
WHERE (excluded.verdict <> 'parked' OR sync_outcome.verdict = 'parked')
  AND (excluded.verdict, excluded.code, excluded.shard, excluded.lsn)
    <> (sync_outcome.verdict, sync_outcome.code, sync_outcome.shard, sync_outcome.lsn)
