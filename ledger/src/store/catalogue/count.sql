-- How many articles this till knows.
SELECT count(*) FROM item
