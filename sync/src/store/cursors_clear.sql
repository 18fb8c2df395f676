-- The confirmed state is about to be replaced: the till stands nowhere.
DELETE FROM sync_cursor
