//! Attaches a member found by search, who then only earns; or takes the member off the cart.

use ledger::sale::Presented;
use ledger::store::members;

use crate::cart::Shopper;
use crate::checkout;
use crate::desk::Desk;
use crate::failure::{Answer, Failure};
use crate::view::{CartMember, CartView};

pub fn cart_member(desk: &Desk, args: CartMember) -> Answer<CartView> {
    desk.staff()?;
    let mut cart = checkout::cart(desk)?;
    let shopper = match args.member_id {
        None => None,
        Some(text) => {
            let id = text.parse().map_err(|_| unknown())?;
            let member = desk.read(|r| Ok(members::by_id(r, id)?))?.ok_or_else(unknown)?;
            Some(Shopper { member: member.id, presented: Presented::Typed })
        }
    };
    cart.present(shopper);
    desk.session().strip = None;
    checkout::keep(desk, &cart)
}

fn unknown() -> Failure {
    Failure::new("unknown_member", "没有这位会员", "请重新查找,或为顾客办一张会员卡")
}
