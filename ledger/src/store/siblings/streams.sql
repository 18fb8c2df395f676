-- All streams of siblings.
SELECT terminal, epoch, through, hash, received FROM sib_stream ORDER BY terminal, epoch
