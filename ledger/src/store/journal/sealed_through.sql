-- Events of one stream that carry personal data, up to a number.
SELECT line FROM event WHERE pii IS NOT NULL AND place BETWEEN ?1 AND ?2 ORDER BY place
