-- All terminals, to be written back.
SELECT id, store, till_no, public_key, app_version, epoch, enrolled_at, last_contact, told_epoch,
  told_seq, revoked_at
FROM terminal
ORDER BY store, till_no, id
FOR UPDATE
