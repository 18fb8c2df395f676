//! C36: a member who was blocked, and spent all the same. The receipt stands; whether its till could know
//! is in the case.

use ledger::id::MemberId;
use ledger::money::Fen;
use ledger::points::Points;
use ledger::posting::Unit;
use ledger::sale::Sale;

use super::arrival::Arrival;
use super::book::{Book, Concern};
use super::kept::{self, Block};
use super::table;
use super::view::View;

/// # Errors
/// What the view reports.
pub fn note<V: View + ?Sized>(
    book: &mut Book<'_, V>,
    arrival: Arrival<'_>,
    member: MemberId,
    sale: &Sale,
) -> Result<(), V::Error> {
    let stored = sale.stored_fen();
    let spends = sale.points_redeemed > Points::ZERO || stored > Fen::ZERO || !sale.coupons.is_empty();
    if !spends || book.is_forgotten(member) {
        return Ok(());
    }
    let shard = book.home();
    let Some(block) = kept::one::<V, Block>(book.view(), shard, &member.to_string())? else { return Ok(()) };
    let heard = match arrival.event.head.known.heard(shard, block.lsn) {
        true => "the till had heard of it",
        false => "the till had not heard of it",
    };
    let off = sale.redeem_value_fen.plus(sale.coupons.iter().map(|used| used.value_fen).sum()).plus(stored);
    let detail = format!("blocked: {}; {off} at stake; {heard}", block.why);
    let concern = Concern { member: Some(member), detail, ..Concern::default() };
    book.case(table::BLOCKED_MEMBER, (Unit::Fen, 0), concern);
    Ok(())
}
