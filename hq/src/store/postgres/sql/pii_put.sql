-- Keeps personal data of a member; what is not said stays.
INSERT INTO member_pii (shard, member, phone, name)
VALUES ($1, $2, $3, $4)
ON CONFLICT (shard, member) DO UPDATE
SET phone = CASE excluded.phone WHEN '' THEN member_pii.phone ELSE excluded.phone END,
  name = CASE excluded.name WHEN '' THEN member_pii.name ELSE excluded.name END
