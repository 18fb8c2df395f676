-- At most so many bytes have left.
UPDATE print_queue SET sent = ?2 WHERE id = ?1
