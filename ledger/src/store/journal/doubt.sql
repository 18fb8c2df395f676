-- HQ's log is another one: only what lies in its proved backups is decided for certain.
UPDATE stream SET decided = min(decided, stable)
