-- The name of a stream by its local number.
SELECT terminal, epoch FROM stream WHERE no = ?1
