-- The day of the first receipt after a place.
SELECT day FROM sale WHERE place > ?1 ORDER BY place LIMIT 1
