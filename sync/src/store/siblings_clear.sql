-- HQ's next list takes the place of this one.
DELETE FROM sync_sibling
