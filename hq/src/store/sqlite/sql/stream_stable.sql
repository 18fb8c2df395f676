-- Events through ?3 are in a proved backup.
UPDATE stream SET stable = max(stable, ?3)
WHERE terminal = ?1 AND epoch = ?2
