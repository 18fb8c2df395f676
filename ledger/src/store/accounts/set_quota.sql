-- HQ lends another amount.
UPDATE member SET quota = ?2 WHERE id = ?1
