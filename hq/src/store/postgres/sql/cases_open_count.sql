-- How many cases are open.
SELECT count(*)
FROM exception_case
WHERE state = 'open'
