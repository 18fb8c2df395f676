-- Stored value as HQ last said.
SELECT account, confirmed FROM account WHERE account LIKE 'stored:%' AND unit = 'fen' AND confirmed <> 0
