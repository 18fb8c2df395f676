-- Value of a setting.
SELECT v
FROM meta
WHERE k = $1
