//! C1: earn and redeem. A redemption never takes a member below zero; the rest is the store's exception.

use ledger::id::{MemberId, StoreId};
use ledger::points::Points;
use ledger::posting::{Account, ExceptionKind, Unit};
use ledger::sale::Sale;

use super::arrival::Arrival;
use super::book::{Book, Concern};
use super::decision::{Decision, Reference};
use super::party::Party;
use super::view::View;
use super::{coupon, lending, orphan, party, table};

pub fn decide<V: View + ?Sized>(view: &V, arrival: Arrival<'_>, sale: &Sale) -> Result<Decision, V::Error> {
    let head = &arrival.event.head;
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
    let given_back = orphan::refund_of(view, arrival)?;
    if given_back.as_ref().is_some_and(|refund| refund.lines.is_empty()) {
        // The refund was first and took the whole of it: nothing is left to move.
        return Ok(book.close());
    }
    if let Some(member) = member {
        redeem(&mut book, member, arrival.store, sale.points_redeemed)?;
        let account = Account::Member(member);
        book.transfer(Account::Programme, account, Unit::Points, sale.points_earned.0)?;
    }
    for used in &sale.coupons {
        coupon::take(&mut book, member, arrival.store, used)?;
    }
    if let (Some(member), Some(refund)) = (member, &given_back) {
        orphan::give_back(&mut book, member, sale, refund)?;
    }
    if let Some(member) = member {
        lending::lend_again(&mut book, member, arrival.store)?;
    }
    Ok(book.close())
}

fn redeem<V: View + ?Sized>(
    book: &mut Book<'_, V>,
    member: MemberId,
    store: &StoreId,
    points: Points,
) -> Result<(), V::Error> {
    let account = Account::Member(member);
    let covered = match book.is_forgotten(member) {
        true => points.0,
        false => book.balance(&account, Unit::Points)?.max(0).min(points.0),
    };
    book.transfer(account, Account::Programme, Unit::Points, covered)?;
    let short = points.0 - covered;
    if short == 0 {
        return Ok(());
    }
    let detail = format!("spent {points}, had {covered}");
    let concern = Concern { member: Some(member), detail, ..Concern::default() };
    book.exception(table::OVERDRAFT, (ExceptionKind::Overdraft, store), (Unit::Points, short), concern)
}
