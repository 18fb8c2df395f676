-- Which HQ, and when last.
SELECT log_epoch, contact_at, hq_off_ms, hq_unc_ms FROM sync_contact WHERE one = 1
