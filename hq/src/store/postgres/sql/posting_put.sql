-- Keeps movements.
INSERT INTO posting (shard, account, lsn, n, unit, delta, balance_after, reason, cause, at)
SELECT *
FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::bigint[], $7::bigint[],
  $8::text[], $9::text[], $10::bigint[])
