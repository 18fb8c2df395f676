-- What HQ lent this store for a member.
SELECT quota FROM member WHERE id = ?1
