-- Whose token this is.
SELECT operator
FROM operator_token
WHERE hash = $1 AND expires_at > $2
