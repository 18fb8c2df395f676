-- A newer word on an account; an older one changes nothing.
INSERT INTO account (account, unit, confirmed, lsn, at) VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (account, unit) DO UPDATE SET confirmed = excluded.confirmed, lsn = excluded.lsn, at = excluded.at
WHERE excluded.lsn >= lsn
