//! C3, C4, C5: a coupon has exactly one consumer, the first in shard order. Whether it was still good is
//! judged by the moment of the sale, and by what its till could know, never by when the sale arrived.

use ledger::coupon::CouponState;
use ledger::id::{MemberId, Shard};
use ledger::posting::{ExceptionKind, Unit};
use ledger::sale::CouponUse;
use ledger::time::{DAY_MS, Timestamp, Zone};

use super::arrival::Arrival;
use super::book::{Book, Concern};
use super::clock;
use super::table::{self, Rule};
use super::view::{KnownCoupon, View};
use crate::protocol::entry::Effect;

/// How long after its last day a coupon is still taken: clocks of shops are not all the same.
const GRACE_MS: i64 = DAY_MS;

/// Why a discount is the store's to answer for.
struct Fault {
    rule: Rule,
    account: ExceptionKind,
    detail: String,
}

/// # Errors
/// What the view reports.
pub fn take<V: View + ?Sized>(
    book: &mut Book<'_, V>,
    arrival: Arrival<'_>,
    member: Option<MemberId>,
    used: &CouponUse,
) -> Result<(), V::Error> {
    let known = book.view().coupon(used.coupon_id)?;
    let Some(fault) = judge(book, arrival, used, known.as_ref())? else { return Ok(()) };
    let concern =
        Concern { member, coupon: Some(used.coupon_id), detail: fault.detail, ..Concern::default() };
    let loss = (Unit::Fen, used.value_fen.0);
    book.exception(fault.rule, (fault.account, arrival.store), loss, concern)
}

/// Takes the coupon if it is still there to take, and says what was wrong.
fn judge<V: View + ?Sized>(
    book: &mut Book<'_, V>,
    arrival: Arrival<'_>,
    used: &CouponUse,
    known: Option<&KnownCoupon>,
) -> Result<Option<Fault>, V::Error> {
    let reuse = |rule, detail| Some(Fault { rule, account: ExceptionKind::CouponReuse, detail });
    let Some(coupon) = known else {
        return Ok(reuse(table::COUPON_UNKNOWN, "no such coupon was given out".to_owned()));
    };
    let gone = coupon.state == CouponState::Used || coupon.used_by.is_some() || book.took(used.coupon_id);
    if gone && !ledger::planted!("coupon_twice") {
        let by = coupon.used_by.map_or_else(|| "this sale".to_owned(), |key| key.to_string());
        return Ok(reuse(table::COUPON_REUSE, format!("used before by {by}")));
    }
    if coupon.state == CouponState::Revoked {
        return Ok(Some(revoked(book, arrival, used, coupon)));
    }
    book.coupon(coupon.shard, used.coupon_id, CouponState::Used);
    out_of_date(book, arrival, coupon)
}

/// A till that had not heard of it took it in good faith.
fn revoked<V: View + ?Sized>(
    book: &mut Book<'_, V>,
    arrival: Arrival<'_>,
    used: &CouponUse,
    coupon: &KnownCoupon,
) -> Fault {
    let account = ExceptionKind::CouponRevoked;
    if arrival.event.head.known.heard(coupon.shard, coupon.changed_lsn) {
        let detail = "the till had heard that it is revoked".to_owned();
        return Fault { rule: table::COUPON_REVOKED, account, detail };
    }
    stays_revoked(book, coupon.shard, used);
    let detail = "revoked before, but the till had not heard of it".to_owned();
    Fault { rule: table::REVOKED_HONOURED, account, detail }
}

/// It was used all the same, and nobody else may use it again.
fn stays_revoked<V: View + ?Sized>(book: &mut Book<'_, V>, shard: Shard, used: &CouponUse) {
    let by = Some(book.key());
    book.effect(shard, Effect::Coupon { id: used.coupon_id, state: CouponState::Revoked, by });
}

fn out_of_date<V: View + ?Sized>(
    book: &mut Book<'_, V>,
    arrival: Arrival<'_>,
    coupon: &KnownCoupon,
) -> Result<Option<Fault>, V::Error> {
    let at = arrival.event.head.clocks.t_eff();
    let at = if ledger::planted!("coupon_by_arrival") { arrival.now } else { at };
    if is_good(coupon, at) {
        return Ok(None);
    }
    if clock::is_suspect(book.view(), arrival.event)? {
        book.ends_as(table::CLOCK_SUSPECT);
        return Ok(None);
    }
    let detail = format!("good from {} to {}, used at {at}", coupon.starts_on, coupon.ends_on);
    Ok(Some(Fault { rule: table::COUPON_EXPIRED, account: ExceptionKind::CouponExpired, detail }))
}

fn is_good(coupon: &KnownCoupon, at: Timestamp) -> bool {
    let begins = coupon.starts_on.plus_days(-1).ends_at(Zone::CHINA);
    let ends = coupon.ends_on.ends_at(Zone::CHINA);
    at >= begins.plus_ms(-GRACE_MS) && at < ends.plus_ms(GRACE_MS)
}
