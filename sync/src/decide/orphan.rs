//! C7: a refund whose sale does not come. It waits; overdue, the signed receipt is proof enough, and its
//! money is the store's exception. When the sale comes after all, it is booked as given back: which of
//! the two was first makes no difference to any balance.

use ledger::fact::Fact;
use ledger::id::{Anchor, EventKey, MemberId, Shard, Stream, TerminalId};
use ledger::points::Points;
use ledger::posting::{Account, ExceptionKind, Unit};
use ledger::refund::{ReceiptProof, Refund};
use ledger::sale::Sale;
use ledger::time::HOUR_MS;
use serde::{Deserialize, Serialize};

use super::arrival::Arrival;
use super::book::{Book, Concern};
use super::decision::{Decision, Mark};
use super::kept::{self, Keep, Kept};
use super::table;
use super::view::View;
use crate::protocol::signature::verify;

/// A refund waits so long for its sale, counted from its receipt at HQ.
pub const OVERDUE_MS: i64 = 72 * HOUR_MS;

/// Clocks of tills may be so wrong.
const SLACK_MS: i64 = HOUR_MS;

/// A sale was given back before it arrived. Id: the hash of the sale's line; shard: its terminal's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Orphan {
    pub refund: EventKey,
}

impl Kept for Orphan {
    const KIND: &'static str = "orphan";
}

fn shard_of(seller: TerminalId) -> Shard {
    Anchor::terminal(seller).shard()
}

/// The refund that was decided without this sale, if one was. Only an old sale can have one.
///
/// # Errors
/// What the view reports.
pub fn refund_of<V: View + ?Sized>(view: &V, arrival: Arrival<'_>) -> Result<Option<Refund>, V::Error> {
    let age_ms = arrival.now.since(arrival.event.head.clocks.t_eff());
    if (-SLACK_MS..OVERDUE_MS - SLACK_MS).contains(&age_ms) {
        return Ok(None);
    }
    let shard = shard_of(arrival.event.head.terminal);
    let orphan: Option<Orphan> = kept::one(view, shard, &arrival.hash.to_string())?;
    let Some(Orphan { refund: EventKey { terminal, epoch, seq } }) = orphan else { return Ok(None) };
    let facts = view.facts(Stream { terminal, epoch }, seq, seq)?;
    Ok(facts.into_iter().find_map(|fact| match fact {
        Fact::Refund(refund) => Some(refund),
        _ => None,
    }))
}

/// Takes the points of a sale back that was given back in part before it came.
///
/// # Errors
/// What the view reports.
pub fn give_back<V: View + ?Sized>(
    book: &mut Book<'_, V>,
    member: MemberId,
    sale: &Sale,
    refund: &Refund,
) -> Result<(), V::Error> {
    let back = |part: Points, whole: Points| part.0.clamp(0, whole.0);
    let earned = back(refund.points_taken_back, sale.points_earned);
    let redeemed = back(refund.points_returned, sale.points_redeemed);
    let account = Account::Member(member);
    book.transfer(account.clone(), Account::Programme, Unit::Points, earned)?;
    book.transfer(Account::Programme, account, Unit::Points, redeemed)
}

/// Ends the waiting of an overdue refund. `seller` is the public key of the terminal that it says sold;
/// None for any event that is not such a refund.
pub fn overdue<V: View + ?Sized>(view: &V, arrival: Arrival<'_>, seller: Option<&[u8]>) -> Option<Decision> {
    let Fact::Refund(refund) = &arrival.event.fact else { return None };
    let event = arrival.event;
    let (key, home) = (event.key(), event.head.anchor.shard());
    if !seller.is_some_and(|seller| is_proven(refund, seller)) {
        let why = format!("no sale {} came, and no signature proves it", refund.original.receipt_no);
        return Some(Decision::quarantined(key, home, &table::UNPROVEN_REFUND, &why));
    }
    let mut book = Book::open(view, key, home);
    let sale = refund.original.key;
    book.mark(Mark::Refunded { sale });
    let (shard, id) = (shard_of(sale.terminal), refund.original.hash.to_string());
    book.mark(Mark::Keep(Keep::put(shard, id, &Orphan { refund: key })));
    let detail = format!("sale {} did not come", refund.original.receipt_no);
    let concern = Concern { member: refund.member_id, detail, ..Concern::default() };
    let loss = (Unit::Fen, refund.total_fen.0);
    let exception = (ExceptionKind::OrphanRefund, arrival.store);
    match book.exception(table::ORPHAN_REFUND, exception, loss, concern) {
        Ok(()) => Some(book.close()),
        Err(_) => None,
    }
}

fn is_proven(refund: &Refund, seller: &[u8]) -> bool {
    let original = &refund.original;
    let Some(proof) = &original.proof else { return false };
    verify(seller, &ReceiptProof::text(original.key, &original.hash, proof.total_fen), &proof.sig)
}
