-- How far a sibling's stream is known here.
SELECT through, hash, received FROM sib_stream WHERE terminal = ?1 AND epoch = ?2
