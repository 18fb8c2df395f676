-- Whether a cart of this id is settled or held: then the draft of it is old.
SELECT EXISTS (SELECT 1 FROM held_cart WHERE id = ?1)
  OR (SELECT sale_id FROM sale ORDER BY place DESC LIMIT 1) IS ?1
