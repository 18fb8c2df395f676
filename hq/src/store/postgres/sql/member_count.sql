-- How many members there are, other names left out.
SELECT (SELECT count(*) FROM member) - (SELECT count(*) FROM member WHERE root <> id)
