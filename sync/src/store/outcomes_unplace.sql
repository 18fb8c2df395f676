-- Numbers of another timeline mean nothing in this one.
UPDATE sync_outcome SET lsn = 0 WHERE lsn <> 0
