-- Keeps the answer with the transaction that made it true.
INSERT INTO answer (request_id, body) VALUES (?1, ?2)
