//! C2: stored value, bought and spent. A member's account never goes below zero: what was spent beyond it,
//! by override or by a till restored from a copy, is the store's to answer for.

use ledger::id::{Anchor, MemberId};
use ledger::money::Fen;
use ledger::posting::{Account, ExceptionKind, Unit};
use ledger::top_up::TopUp;

use super::arrival::Arrival;
use super::book::{Book, Concern};
use super::decision::{Decision, Reference};
use super::lending::{Visit, lend_to};
use super::party::{self, Party};
use super::table;
use super::view::View;

/// Takes what a sale was paid with.
///
/// # Errors
/// What the view reports.
pub fn spend<V: View + ?Sized>(
    book: &mut Book<'_, V>,
    arrival: Arrival<'_>,
    member: MemberId,
    amount: Fen,
) -> Result<(), V::Error> {
    if amount <= Fen::ZERO {
        return Ok(());
    }
    let account = Account::Stored(member);
    let covered = match book.is_forgotten(member) {
        true => amount.0,
        false => book.balance(&account, Unit::Fen)?.clamp(0, amount.0),
    };
    book.transfer(account, Account::StoredFloat, Unit::Fen, covered)?;
    let short = amount.0 - covered;
    if short == 0 {
        return Ok(());
    }
    let detail = format!("paid {amount} out of stored value, had {}", Fen(covered));
    let concern = Concern { member: Some(member), detail, ..Concern::default() };
    let account = (ExceptionKind::StoredOverdraft, arrival.store);
    book.exception(table::SV_OVERDRAFT, account, (Unit::Fen, short), concern)
}

/// A top-up: what was paid and what was given on top.
///
/// # Errors
/// What the view reports.
pub fn top_up<V: View + ?Sized>(
    view: &V,
    arrival: Arrival<'_>,
    top_up: &TopUp,
) -> Result<Decision, V::Error> {
    let party = party::of(view, top_up.member_id)?;
    let Some(member) = party.member() else {
        let home = arrival.event.head.anchor.shard();
        return Ok(Decision::parked(home, table::UNKNOWN_REF, Reference::Member(top_up.member_id)));
    };
    let mut book = Book::open(view, arrival.event.key(), Anchor::from(member).shard());
    book.speaks_for(party, arrival.store);
    let amount = top_up.principal_fen.plus(top_up.bonus_fen);
    book.transfer(Account::StoredFloat, Account::Stored(member), Unit::Fen, amount.0)?;
    if matches!(party, Party::Member { .. }) {
        let visit = Visit { store: arrival.store, now: arrival.now, spent_fen: Fen::ZERO };
        lend_to(&mut book, member, visit)?;
    }
    Ok(book.close())
}
