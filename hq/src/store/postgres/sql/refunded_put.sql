-- Gives back a sale that this transaction saw kept; one given back meanwhile is a conflict.
INSERT INTO refunded (terminal, sale, refund)
VALUES ($1, $2, $3)
