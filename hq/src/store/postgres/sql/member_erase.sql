-- Nothing personal is left in the row; the id stays, as erased.
UPDATE member
SET card_no = '', phone_hash = decode(repeat('00', 32), 'hex'), phone_mask = '', name = '', state = 'erased'
WHERE shard = $1 AND id = $2
