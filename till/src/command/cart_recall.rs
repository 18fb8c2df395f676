//! Takes a held cart back.

use ledger::id::SaleId;
use ledger::store::carts::{self, HeldCart};

use crate::checkout;
use crate::desk::Desk;
use crate::failure::{Answer, Failure};
use crate::held;
use crate::view::{CartRecall, CartView};

pub fn cart_recall(desk: &Desk, args: CartRecall) -> Answer<CartView> {
    desk.staff()?;
    if !checkout::cart(desk)?.is_empty() {
        return Err(Failure::new("cart_not_empty", "购物车里还有商品", "请先挂单或收款,再取单"));
    }
    let held = choose(desk, args.id.as_deref())?;
    let cart = held::open(&held)
        .ok_or_else(|| Failure::new("held_unreadable", "这张挂单读不出来,没有删除", "请联系店长"))?;
    // Saved as the current one first: until the taking commits, the held one counts.
    checkout::store(desk, &cart)?;
    desk.write(|tx| Ok(carts::take(tx, held.id)?))?;
    checkout::keep(desk, &cart)
}

/// The one named, else the one that waits longest.
fn choose(desk: &Desk, named: Option<&str>) -> Answer<HeldCart> {
    let held = desk.read(|r| Ok(carts::held(r)?))?;
    let id = named.map(|text| text.parse::<SaleId>());
    let chosen = match id {
        None => held.into_iter().next(),
        Some(Ok(id)) => held.into_iter().find(|h| h.id == id),
        Some(Err(_)) => None,
    };
    chosen.ok_or_else(|| Failure::new("held_empty", "没有这张挂单", "请直接扫商品"))
}
