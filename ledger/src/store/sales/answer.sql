-- The answer given to one of the newest requests.
SELECT body FROM answer WHERE no > (SELECT max(no) FROM answer) - 128 AND request_id = ?1
