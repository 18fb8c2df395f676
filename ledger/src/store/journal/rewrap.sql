-- An event was wrapped anew; wrapped twice, the newest place counts.
INSERT INTO rewrapped (place, anew) VALUES (?1, ?2)
ON CONFLICT (place) DO UPDATE SET anew = excluded.anew
