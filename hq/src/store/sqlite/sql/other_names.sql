-- Every id that became another name, and whose.
SELECT id, root
FROM member
WHERE root <> id
