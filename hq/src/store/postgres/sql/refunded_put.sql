-- Gives back a sale that this transaction saw kept; one given back meanwhile is a conflict.
INSERT INTO refunded (terminal, epoch, seq, refund)
VALUES ($1, $2, $3, $4)
