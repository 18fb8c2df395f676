-- A restored copy may have spent them already: nothing is lent until HQ says so again.
UPDATE member SET quota = 0 WHERE quota <> 0
