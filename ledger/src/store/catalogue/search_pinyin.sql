-- Articles whose pinyin begins with what was typed.
SELECT body FROM item WHERE pinyin >= ?1 AND pinyin < ?2 ORDER BY pinyin LIMIT ?3
