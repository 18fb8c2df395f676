-- One terminal, to be written back.
SELECT id, store, till_no, public_key, app_version, epoch, enrolled_at, last_contact, told_epoch,
  told_seq, revoked_at
FROM terminal
WHERE id = $1
FOR UPDATE
