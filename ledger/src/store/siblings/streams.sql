-- All streams of siblings.
SELECT terminal, epoch, through, hash, received, parent FROM sib_stream ORDER BY terminal, epoch
