-- Keeps personal data of a member.
INSERT INTO member_pii (shard, member, phone, name)
VALUES ($1, $2, $3, $4)
ON CONFLICT (shard, member) DO UPDATE
SET phone = excluded.phone, name = excluded.name
