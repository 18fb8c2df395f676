-- HQ's last word on a coupon.
INSERT INTO coupon_word (id, state, lsn) VALUES (?1, ?2, ?3)
ON CONFLICT (id) DO UPDATE SET state = excluded.state, lsn = excluded.lsn
