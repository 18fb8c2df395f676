-- Keeps personal data of a member.
INSERT OR REPLACE INTO member_pii (member, phone, name)
VALUES (?1, ?2, ?3)
