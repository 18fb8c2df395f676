-- The member's row holds the points from now on.
DELETE FROM account WHERE account = ?1 AND unit = 'points'
