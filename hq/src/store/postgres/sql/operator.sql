-- An operator's password.
SELECT password_hash, one_time
FROM operator
WHERE name = $1
