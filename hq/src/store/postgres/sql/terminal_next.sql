-- Numbers of terminals are never reused.
SELECT coalesce(max(id), 0) + 1
FROM terminal
