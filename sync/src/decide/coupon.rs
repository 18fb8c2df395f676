//! C3: a coupon has exactly one consumer, the first in shard order; later uses are the store's exception.

use ledger::coupon::CouponState;
use ledger::id::{MemberId, StoreId};
use ledger::posting::{ExceptionKind, Unit};
use ledger::sale::CouponUse;

use super::book::{Book, Concern};
use super::table;
use super::view::View;

pub fn take<V: View + ?Sized>(
    book: &mut Book<'_, V>,
    member: Option<MemberId>,
    store: &StoreId,
    used: &CouponUse,
) -> Result<(), V::Error> {
    let known = book.view().coupon(used.coupon_id)?;
    let (rule, detail) = match &known {
        Some(coupon) if coupon.state == CouponState::Open && !book.took(used.coupon_id) => {
            book.coupon(coupon.shard, used.coupon_id, CouponState::Used);
            return Ok(());
        }
        Some(coupon) => {
            let by = coupon.used_by.map_or_else(|| "no sale".to_owned(), |key| key.to_string());
            (table::COUPON_REUSE, format!("used before by {by}"))
        }
        None => (table::COUPON_UNKNOWN, "no such coupon was given out".to_owned()),
    };
    let concern = Concern { member, coupon: Some(used.coupon_id), detail, ..Concern::default() };
    let loss = (Unit::Fen, used.value_fen.0);
    book.exception(rule, (ExceptionKind::CouponReuse, store), loss, concern)
}
