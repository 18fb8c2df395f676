-- Events that every backup of HQ holds.
DELETE FROM event WHERE place BETWEEN ?1 AND ?2
