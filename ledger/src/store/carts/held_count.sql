-- How many carts are set aside.
SELECT count(*) FROM held_cart
