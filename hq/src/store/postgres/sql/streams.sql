-- All streams of a terminal.
SELECT epoch, received, head, stable
FROM stream
WHERE terminal = $1
