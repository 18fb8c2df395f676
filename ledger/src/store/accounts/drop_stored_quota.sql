-- HQ lends no stored value of this member any more.
DELETE FROM stored_quota WHERE member = ?1
