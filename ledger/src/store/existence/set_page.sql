-- Bits of a page were set.
UPDATE existence SET bits = ?2 WHERE no = ?1
