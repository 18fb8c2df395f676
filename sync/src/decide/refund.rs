//! C6 to C9: a refund takes back exactly what HQ posted for the sale, once; a second one is an exception.

use ledger::coupon::CouponState;
use ledger::id::{EventKey, MemberId, StoreId};
use ledger::money::Fen;
use ledger::posting::{Account, ExceptionKind, Movement, Unit};
use ledger::refund::Refund;
use ledger::sale::Sale;

use super::arrival::Arrival;
use super::book::{Book, Concern};
use super::decision::{Decision, Mark, Reference};
use super::view::{Original, View};
use super::{lending, party, recovered, table};

pub fn decide<V: View + ?Sized>(
    view: &V,
    arrival: Arrival<'_>,
    refund: &Refund,
) -> Result<Decision, V::Error> {
    let (key, anchor) = (arrival.event.key(), arrival.event.head.anchor);
    let original = recovered::place_of(view, refund.original.key, &refund.original.hash)?;
    let (sale, posted) = match view.original(original)? {
        Original::Undecided => {
            let waits_for = Reference::Event(refund.original.key);
            return Ok(Decision::parked(anchor.shard(), table::UNKNOWN_REF, waits_for));
        }
        Original::Decided { sale, hash, posted } if hash == refund.original.hash => (sale, posted),
        Original::Decided { .. } | Original::NotASale => {
            let why = format!("{original} is not the sale {}", refund.original.receipt_no);
            return Ok(Decision::quarantined(key, anchor.shard(), &table::REF_DIFFERS, &why));
        }
    };
    let party = party::of_sale(view, &sale)?;
    let member = party.member();
    let home = member.map_or(anchor, Into::into).shard();
    let mut book = Book::open(view, key, home);
    book.speaks_for(party, arrival.store);
    let known = refund.total_fen;
    let excess = match view.refunded_by(original)? {
        Some(_) => known,
        None => {
            mirror(&mut book, member, &sale, posted, original)?;
            known.minus(sale.total_fen)
        }
    };
    over_refund(&mut book, arrival.store, member, excess)?;
    if let Some(member) = member {
        lending::lend_again(&mut book, member, arrival.store)?;
    }
    Ok(book.close())
}

fn mirror<V: View + ?Sized>(
    book: &mut Book<'_, V>,
    member: Option<MemberId>,
    sale: &Sale,
    posted: Vec<Movement>,
    original: EventKey,
) -> Result<(), V::Error> {
    for Movement { account, unit, delta } in posted {
        let account = match (account, member) {
            (Account::Member(_), Some(survivor)) => Account::Member(survivor),
            (account, _) => account,
        };
        book.post(account, unit, -delta)?;
    }
    for used in &sale.coupons {
        let Some(coupon) = book.view().coupon(used.coupon_id)? else { continue };
        if coupon.used_by == Some(original) {
            book.coupon(coupon.shard, used.coupon_id, CouponState::Open);
        }
    }
    book.mark(Mark::Refunded { sale: original });
    Ok(())
}

fn over_refund<V: View + ?Sized>(
    book: &mut Book<'_, V>,
    store: &StoreId,
    member: Option<MemberId>,
    excess: Fen,
) -> Result<(), V::Error> {
    if excess <= Fen::ZERO {
        return Ok(());
    }
    let detail = format!("{excess} more was given back than the sale left to give");
    let concern = Concern { member, detail, ..Concern::default() };
    let loss = (Unit::Fen, excess.0);
    book.exception(table::OVER_REFUND, (ExceptionKind::OverRefund, store), loss, concern)
}
