//! Coupons as HQ last said, and what this till took before HQ knew.

pub(crate) mod row;

use super::accounts::pending_sum;
use super::error::StoreError;
use super::tx::{Reader, Tx};
use crate::coupon::{Coupon, CouponState};
use crate::id::{CouponId, MemberId};
use crate::posting::{Account, Unit};
use row::{coupon, state_code, state_of};

/// # Errors
/// The store's.
pub fn by_code(r: &Reader, code: &str) -> Result<Option<Coupon>, StoreError> {
    let found = r.first(include_str!("by_code.sql"), [code], coupon)?;
    found.map(|coupon| as_seen_here(r, coupon)).transpose()
}

/// # Errors
/// The store's.
pub fn by_id(r: &Reader, id: CouponId) -> Result<Option<Coupon>, StoreError> {
    let found = r.first(include_str!("by_id.sql"), [id.bytes()], coupon)?;
    found.map(|coupon| as_seen_here(r, coupon)).transpose()
}

/// The member's coupons that are open for HQ and were not taken at this till since, the one that ends
/// first in front.
///
/// # Errors
/// The store's.
pub fn of_member(r: &Reader, member: MemberId) -> Result<Vec<Coupon>, StoreError> {
    let mut open = Vec::new();
    for found in r.all(include_str!("of_member.sql"), [member.bytes()], coupon)? {
        let seen = as_seen_here(r, found)?;
        if seen.state == CouponState::Open {
            open.push(seen);
        }
    }
    Ok(open)
}

/// Writes the row whole.
///
/// # Errors
/// The store's.
pub fn put(tx: &Tx<'_>, coupon: &Coupon) -> Result<(), StoreError> {
    let benefit = benefit_json(coupon)?;
    let params = rusqlite::params![
        coupon.id.bytes(),
        coupon.code,
        coupon.member.bytes(),
        coupon.title,
        benefit,
        coupon.threshold_fen.0,
        coupon.starts_on.number(),
        coupon.ends_on.number(),
        coupon.home_store.0,
        state_code(coupon.state),
    ];
    tx.execute(include_str!("put.sql"), params)?;
    Ok(())
}

/// # Errors
/// The store's.
pub fn set_state(tx: &Tx<'_>, id: CouponId, state: CouponState) -> Result<(), StoreError> {
    tx.execute(include_str!("set_state.sql"), (id.bytes(), state_code(state)))?;
    Ok(())
}

/// Remembers HQ's word on a coupon, also on one that is not held here: entry `lsn` of its shard's log.
///
/// # Errors
/// The store's.
pub fn note_word(tx: &Tx<'_>, id: CouponId, state: CouponState, lsn: u64) -> Result<(), StoreError> {
    let params = (id.bytes(), state_code(state), lsn.cast_signed());
    tx.execute(include_str!("word_put.sql"), params)?;
    Ok(())
}

/// What HQ said of the coupon after entry `lsn` of its shard's log, if that was noted.
///
/// # Errors
/// The store's.
pub fn word_after(r: &Reader, id: CouponId, lsn: u64) -> Result<Option<CouponState>, StoreError> {
    r.first(include_str!("word.sql"), (id.bytes(), lsn.cast_signed()), |row| {
        state_of(&row.get::<_, String>(0)?)
    })
}

/// # Errors
/// The store's.
pub fn forget_words(tx: &Tx<'_>) -> Result<(), StoreError> {
    tx.execute(include_str!("words_clear.sql"), ())?;
    Ok(())
}

pub(crate) fn benefit_json(coupon: &Coupon) -> Result<String, StoreError> {
    serde_json::to_string(&coupon.benefit).map_err(|e| StoreError::unreadable("a coupon", e))
}

/// Taken in an undecided sale of this till means used; given back in an undecided refund means open.
fn as_seen_here(r: &Reader, mut coupon: Coupon) -> Result<Coupon, StoreError> {
    let moved = pending_sum(r, &Account::Coupon(coupon.id), Unit::Fen)?;
    coupon.state = match (coupon.state, moved) {
        (CouponState::Open, ..0) => CouponState::Used,
        (CouponState::Used, 1..) => CouponState::Open,
        (state, _) => state,
    };
    Ok(coupon)
}
