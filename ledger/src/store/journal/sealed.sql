-- Events that carry personal data.
SELECT place, line FROM event WHERE pii IS NOT NULL
