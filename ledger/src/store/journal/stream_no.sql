-- The local number of a stream.
SELECT no FROM stream WHERE epoch = ?1 AND terminal = ?2
