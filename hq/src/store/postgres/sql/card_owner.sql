-- Who carries this card.
SELECT root
FROM member
WHERE card_no = $1
