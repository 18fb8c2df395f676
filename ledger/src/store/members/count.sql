-- How many members this till knows.
SELECT count(*) FROM member
