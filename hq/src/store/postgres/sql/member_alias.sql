-- One member becomes another name of a second, with all its own other names.
UPDATE member
SET root = $2
WHERE root = $1
