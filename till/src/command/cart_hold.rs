//! Puts the cart aside, so that the next customer need not wait.

use ledger::store::carts::{self, HeldCart};

use crate::checkout::{self, Standing};
use crate::desk::Desk;
use crate::failure::{Answer, Failure};
use crate::held;
use crate::view::HeldView;

pub fn cart_hold(desk: &Desk) -> Answer<HeldView> {
    desk.staff()?;
    let shop = desk.shop()?;
    let cart = checkout::cart(desk)?;
    if cart.is_empty() {
        return Err(Failure::cart_empty());
    }
    let cart = checkout::let_go(desk, &cart);
    let view = desk.write(|tx| {
        let at = desk.now();
        let view = held::view(&Standing::of(desk, tx, &shop, &cart)?, at);
        let label = view.first_goods.clone();
        carts::hold(tx, &HeldCart { id: cart.id, at, label, body: checkout::body(&cart) })?;
        Ok(view)
    })?;
    carts::clear_current(&desk.ledger, cart.id)?;
    Ok(view)
}
