//! A sale, in the order in which its receipt moves things: whose it is, what headquarters had set aside for
//! it, points, stored value, coupons. Each has a file of its own.

use ledger::event::SpendMode;
use ledger::money::Fen;
use ledger::posting::Unit;
use ledger::sale::Sale;

use super::arrival::Arrival;
use super::book::{Book, Concern};
use super::decision::{Decision, Reference};
use super::lending::{Visit, lend_to};
use super::party::Party;
use super::view::View;
use super::{block, capture, coupon, guest, orphan, party, points, price, stored, table};

pub fn decide<V: View + ?Sized>(view: &V, arrival: Arrival<'_>, sale: &Sale) -> Result<Decision, V::Error> {
    let head = &arrival.event.head;
    guest::meet(view, sale)?;
    let party = party::of_sale(view, sale)?;
    if let Party::Unheard(id) = party {
        let waits_for = Reference::Member(id);
        return Ok(Decision::parked(head.anchor.shard(), table::UNKNOWN_REF, waits_for));
    }
    let member = party.member();
    let home = member.map_or(head.anchor, Into::into).shard();
    let mut book = Book::open(view, arrival.event.key(), home);
    book.speaks_for(party, arrival.store);
    if party == Party::Stranger {
        let detail = format!("{} points wait for whoever it was", sale.points_earned);
        book.case(table::UNKNOWN_GUEST, (Unit::Points, 0), Concern { detail, ..Concern::default() });
    }
    capture::settle(&mut book, arrival, member, sale)?;
    price::note(&mut book, arrival, sale)?;
    let given_back = orphan::refund_of(view, arrival)?;
    if given_back.as_ref().is_some_and(|refund| refund.lines.is_empty()) {
        // The refund was first and took the whole of it: nothing is left to move.
        return Ok(book.close());
    }
    if party == Party::Stranger && given_back.is_none() {
        guest::wait(&mut book, arrival.event.key(), sale, sale.points_earned.0);
    }
    if let Some(member) = member {
        block::note(&mut book, arrival, member, sale)?;
        points::decide(&mut book, arrival, member, sale)?;
        stored::spend(&mut book, arrival, member, sale.stored_fen())?;
    }
    for used in &sale.coupons {
        coupon::take(&mut book, arrival, member, used)?;
    }
    if let (Some(member), Some(refund)) = (member, &given_back) {
        orphan::give_back(&mut book, member, sale, refund)?;
    }
    if let Some(member) = member {
        let alone = matches!(head.mode, SpendMode::StandIn | SpendMode::Override);
        let spent_fen = if alone { sale.stored_fen() } else { Fen::ZERO };
        lend_to(&mut book, member, Visit { store: arrival.store, now: arrival.now, spent_fen })?;
    }
    Ok(book.close())
}
