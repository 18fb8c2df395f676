//! Carts set aside, as the cashier sees them.

use ledger::member::mask_name;
use ledger::store::carts::{self, HeldCart};
use ledger::time::Timestamp;

use crate::cart::Cart;
use crate::checkout::Standing;
use crate::desk::Desk;
use crate::failure::Answer;
use crate::view::HeldView;

pub fn view(standing: &Standing<'_>, at: Timestamp) -> HeldView {
    let lines = &standing.cart.lines;
    HeldView {
        id: standing.cart.id.to_string(),
        at: at.hour_minute(standing.shop.zone()),
        pieces: standing.pieces().to_string(),
        due_fen: standing.priced().due.0,
        member_name: standing.member.as_ref().map(|m| mask_name(&m.name)),
        first_goods: lines.first().map(|l| l.item.name.clone()).unwrap_or_default(),
    }
}

/// All of them, longest waiting first.
///
/// # Errors
/// The ledger cannot be read.
pub fn list(desk: &Desk) -> Answer<Vec<HeldView>> {
    let shop = desk.shop()?;
    desk.read(|r| {
        let held = carts::held(r)?;
        let carts = held.iter().filter_map(|h| open(h).map(|cart| (cart, h.at)));
        carts.map(|(cart, at)| Ok(view(&Standing::of(desk, r, &shop, &cart)?, at))).collect()
    })
}

/// The cart inside.
pub fn open(held: &HeldCart) -> Option<Cart> {
    serde_json::from_str(&held.body).ok()
}
