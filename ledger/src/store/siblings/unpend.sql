-- What a till of another store told moves nothing here; the events are kept for their author.
DELETE FROM sib_pending WHERE terminal = ?1 AND epoch = ?2
