-- Keeps received lines with their verdicts.
INSERT INTO inbox (terminal, epoch, seq, hash, line, received_at, verdict, code, shard, lsn, case_id,
  waits_for)
SELECT *
FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bytea[], $5::bytea[], $6::bigint[], $7::text[],
  $8::text[], $9::bigint[], $10::bigint[], $11::text[], $12::text[])
