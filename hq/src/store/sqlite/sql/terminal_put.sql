-- Writes a terminal.
INSERT OR REPLACE INTO terminal (id, store, till_no, public_key, app_version, epoch, enrolled_at,
  last_contact, told_epoch, told_seq, revoked_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
