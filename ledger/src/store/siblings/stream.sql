-- How far a sibling's stream is known here.
SELECT terminal, epoch, through, hash, received, parent FROM sib_stream WHERE terminal = ?1 AND epoch = ?2
