-- The configuration in force.
SELECT version, body FROM programme
