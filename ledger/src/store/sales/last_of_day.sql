-- The newest running number of a day that is not the last receipt's, looked for from where it began.
SELECT max(run) FROM sale
WHERE place >= (SELECT first_place FROM sale_day WHERE day = ?1) AND day = ?1
