-- Receipts of a member.
SELECT place FROM sale WHERE member = ?1
