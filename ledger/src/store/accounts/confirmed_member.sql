-- HQ's last word on a member's points.
SELECT points, points_at, points_lsn FROM member WHERE id = ?1
