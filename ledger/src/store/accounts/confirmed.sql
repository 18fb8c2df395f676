-- HQ's last word on an account that is no member known here.
SELECT confirmed, at, lsn FROM account WHERE account = ?1 AND unit = ?2
