-- HQ's last word on a member's points.
SELECT points, points_at FROM member WHERE id = ?1
