-- Ends every session of an operator.
DELETE
FROM operator_token
WHERE operator = $1
