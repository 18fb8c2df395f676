//! The customer walks away: the cart is emptied, nothing was spent.

use crate::checkout;
use crate::desk::Desk;
use crate::failure::Answer;
use crate::view::CartView;

pub fn cart_clear(desk: &Desk) -> Answer<CartView> {
    desk.staff()?;
    checkout::let_go(desk, &checkout::cart(desk)?);
    checkout::keep(desk, &checkout::empty(desk))
}
