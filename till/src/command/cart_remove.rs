//! Takes one line out of the cart.

use crate::checkout;
use crate::desk::Desk;
use crate::failure::{Answer, Failure};
use crate::view::{CartRemove, CartView};

pub fn cart_remove(desk: &Desk, args: CartRemove) -> Answer<CartView> {
    desk.staff()?;
    let mut cart = checkout::cart(desk)?;
    let index = cart.line(args.line).ok_or_else(Failure::no_such_line)?;
    cart.remove(index);
    checkout::keep(desk, &cart)
}
