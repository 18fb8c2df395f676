-- Keeps personal data of a member; what is not said stays.
INSERT INTO member_pii (member, phone, name)
VALUES (?1, ?2, ?3)
ON CONFLICT (member) DO UPDATE
SET phone = CASE excluded.phone WHEN '' THEN phone ELSE excluded.phone END,
  name = CASE excluded.name WHEN '' THEN name ELSE excluded.name END
