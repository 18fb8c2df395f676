-- Articles whose name begins with what was typed.
SELECT body FROM item WHERE name >= ?1 AND name < ?2 ORDER BY name LIMIT ?3
