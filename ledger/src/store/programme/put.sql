-- A newer configuration takes the place of the one before.
INSERT OR REPLACE INTO programme (one, version, body) VALUES (1, ?1, ?2)
