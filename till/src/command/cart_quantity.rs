//! Sets how many, or how much, of one line.

use ledger::quantity::Milli;

use crate::checkout;
use crate::desk::Desk;
use crate::failure::{Answer, Failure};
use crate::view::{CartQuantity, CartView};

pub fn cart_quantity(desk: &Desk, args: CartQuantity) -> Answer<CartView> {
    desk.staff()?;
    let mut cart = checkout::cart(desk)?;
    let index = cart.line(args.line).ok_or_else(Failure::no_such_line)?;
    let qty = Milli(args.qty_milli);
    let line = &mut cart.lines[index];
    if !qty.is_sellable() || (!line.item.weighed() && !qty.is_whole()) {
        return Err(Failure::new("bad_quantity", "数量不对", "请输入 1 到 99,999 之间的数量"));
    }
    if line.label_amount.is_some() {
        return Err(Failure::new("bad_quantity", "称重标签的数量不能改", "请重新称重,扫新的标签"));
    }
    line.qty = qty;
    cart.current = Some(index);
    checkout::keep(desk, &cart)
}
