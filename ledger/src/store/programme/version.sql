-- Only its version.
SELECT version FROM programme
