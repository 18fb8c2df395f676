-- Personal data of one member, gone.
DELETE FROM member_pii
WHERE member = ?1
