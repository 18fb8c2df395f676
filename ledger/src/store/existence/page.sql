-- One page.
SELECT bits FROM existence WHERE no = ?1
