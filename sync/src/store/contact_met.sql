-- The timeline that HQ named last.
SELECT met_log_epoch FROM sync_contact WHERE one = 1
