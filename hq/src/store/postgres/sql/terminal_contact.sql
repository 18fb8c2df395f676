-- A terminal was heard.
UPDATE terminal SET last_contact = $2
WHERE id = $1
