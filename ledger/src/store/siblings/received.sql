-- HQ has a sibling's stream up to here.
UPDATE sib_stream SET received = max(received, ?3) WHERE terminal = ?1 AND epoch = ?2
