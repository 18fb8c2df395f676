//! One key takes the best combination shown in the cart.

use crate::checkout::{self, Standing};
use crate::command::cart_coupon::take;
use crate::desk::Desk;
use crate::failure::{Answer, Failure};
use crate::view::CartView;

pub fn cart_offer(desk: &Desk) -> Answer<CartView> {
    desk.staff()?;
    let shop = desk.shop()?;
    let mut cart = checkout::cart(desk)?;
    let offer = desk.read(|r| Ok(Standing::of(desk, r, &shop, &cart)?.offer()))?;
    let offer = offer.ok_or_else(|| Failure::new("no_offer", "这一单没有更多优惠", "请直接收款"))?;
    take(desk, &mut cart, &offer.coupon, None)?;
    checkout::keep(desk, &cart)
}
