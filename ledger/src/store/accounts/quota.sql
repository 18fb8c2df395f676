-- What HQ lent this store for a member: points, and stored value with its end.
SELECT m.quota, q.fen, q.until FROM member m LEFT JOIN stored_quota q ON q.member = m.id WHERE m.id = ?1
