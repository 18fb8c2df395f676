-- There is no cart being typed.
DELETE FROM cart
