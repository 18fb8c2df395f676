-- Raises HQ's watermarks, never beyond the stream's end.
UPDATE stream SET
  received = min(max(received, ?2), last_seq),
  decided = min(max(decided, ?3), last_seq),
  stable = min(max(stable, ?4), last_seq)
WHERE epoch = ?1
