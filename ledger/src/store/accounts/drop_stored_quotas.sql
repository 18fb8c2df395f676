-- A restored copy may have spent it already: no stored value is lent until HQ says so again.
DELETE FROM stored_quota
