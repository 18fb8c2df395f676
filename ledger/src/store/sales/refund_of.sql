-- The refund of a sale.
SELECT place FROM refunded WHERE sale_id = ?1
