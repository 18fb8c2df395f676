-- Articles whose initials begins with what was typed.
SELECT body FROM item WHERE initials >= ?1 AND initials < ?2 ORDER BY initials LIMIT ?3
