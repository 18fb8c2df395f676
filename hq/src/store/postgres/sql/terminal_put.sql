-- Writes a terminal.
INSERT INTO terminal (id, store, till_no, public_key, app_version, epoch, enrolled_at,
  last_contact, told_epoch, told_seq, revoked_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (id) DO UPDATE
SET store = excluded.store, till_no = excluded.till_no, public_key = excluded.public_key, app_version
  = excluded.app_version, epoch = excluded.epoch, enrolled_at = excluded.enrolled_at, last_contact
  = excluded.last_contact, told_epoch = excluded.told_epoch, told_seq = excluded.told_seq, revoked_at
  = excluded.revoked_at
