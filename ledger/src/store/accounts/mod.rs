//! Balances: what HQ confirmed plus what it has not decided. The view is always the sum of both.

pub(crate) mod pending;

use super::error::StoreError;
use super::journal::stream::place_of;
use super::journal::tail::at_place;
use super::tx::{Reader, Tx};
use crate::balance::Balance;
use crate::id::{EventKey, MemberId, Stream};
use crate::money::Fen;
use crate::points::Points;
use crate::posting::{Account, Unit};
use crate::quota::Quota;
use crate::time::Timestamp;

pub use pending::{offline_spending, pending_sum, stored_spending};

/// The balance of an account; zero and unconfirmed when nothing is known of it.
///
/// # Errors
/// The store's.
pub fn balance(r: &Reader, account: &Account, unit: Unit) -> Result<Balance, StoreError> {
    let pending = Points(pending_sum(r, account, unit)?);
    Ok(Balance { pending, ..confirmed(r, account, unit)? })
}

/// HQ's last word on an account, without what is pending.
///
/// # Errors
/// The store's.
pub fn confirmed(r: &Reader, account: &Account, unit: Unit) -> Result<Balance, StoreError> {
    let Heard { confirmed, at, .. } = heard(r, account, unit)?;
    Ok(Balance { confirmed: Points(confirmed), pending: Points::ZERO, confirmed_at: at })
}

/// What HQ last said of an account, and when.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Heard {
    /// In the account's unit.
    pub confirmed: i64,
    /// None before its first word.
    pub at: Option<Timestamp>,
    /// The entry of its shard's log that this is as of: beyond the cursor where HQ was asked about a
    /// member, 0 from a snapshot.
    pub lsn: u64,
}

/// A drain of a long queue asks this for every posting; reading the queue each time would make it quadratic.
///
/// # Errors
/// The store's.
pub fn heard(r: &Reader, account: &Account, unit: Unit) -> Result<Heard, StoreError> {
    let read = |row: &rusqlite::Row<'_>| {
        let (confirmed, at, lsn): (i64, Option<i64>, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(Heard { confirmed, at: at.map(Timestamp), lsn: lsn.unsigned_abs() })
    };
    let known = match (account, unit) {
        (Account::Member(id), Unit::Points) => {
            r.first(include_str!("confirmed_member.sql"), [id.bytes()], read)?
        }
        _ => None,
    };
    let known = match known {
        Some(known) => Some(known),
        None => r.first(include_str!("confirmed.sql"), (account.to_string(), unit.to_string()), read)?,
    };
    Ok(known.unwrap_or_default())
}

/// HQ's word on an account as of `lsn`. Words arrive in order; a late older one changes nothing.
///
/// # Errors
/// The store's.
pub fn confirm(
    tx: &Tx<'_>,
    account: &Account,
    unit: Unit,
    balance_after: i64,
    lsn: u64,
    at: Timestamp,
) -> Result<(), StoreError> {
    let lsn = lsn.cast_signed();
    if let (Account::Member(id), Unit::Points) = (account, unit) {
        let params = (id.bytes(), balance_after, lsn, at.0);
        if tx.execute(include_str!("confirm_member.sql"), params)? > 0 {
            return Ok(());
        }
    }
    let params = (account.to_string(), unit.to_string(), balance_after, lsn, at.0);
    tx.execute(include_str!("confirm.sql"), params)?;
    Ok(())
}

/// HQ decided one of this till's events: nothing of it is provisional any more.
///
/// # Errors
/// The store's.
pub fn clear_pending(tx: &Tx<'_>, key: EventKey) -> Result<(), StoreError> {
    let Some(place) = place_of(tx, key)? else { return Ok(()) };
    match at_place(tx, place)? {
        Some(stored) => pending::clear(tx, place, &stored.parse()?),
        None => Ok(()),
    }
}

/// The same for events `from ..= to` of one stream of this till.
///
/// # Errors
/// The store's.
pub fn clear_pending_between(tx: &Tx<'_>, stream: Stream, (from, to): (u64, u64)) -> Result<(), StoreError> {
    let key = |seq| stream.at(seq);
    match (place_of(tx, key(from))?, place_of(tx, key(to))?) {
        (Some(first), Some(last)) => pending::clear_between(tx, first, last),
        _ => Ok(()),
    }
}

/// HQ has not decided one of this till's events after all: what it moves is provisional, as at first.
///
/// # Errors
/// The store's.
pub fn pend_again(tx: &Tx<'_>, key: EventKey) -> Result<(), StoreError> {
    let Some(place) = place_of(tx, key)? else { return Ok(()) };
    let Some(stored) = at_place(tx, place)? else { return Ok(()) };
    let event = stored.parse()?;
    pending::clear(tx, place, &event)?;
    pending::insert(tx, place, &event)
}

/// What HQ lent this store for a member.
///
/// # Errors
/// The store's.
pub fn quota(r: &Reader, member: MemberId) -> Result<Quota, StoreError> {
    let found = r.first(include_str!("quota.sql"), [member.bytes()], |row| {
        Ok(Quota {
            points: Points(row.get(0)?),
            fen: Fen(row.get::<_, Option<i64>>(1)?.unwrap_or(0)),
            until: row.get::<_, Option<i64>>(2)?.map(Timestamp),
        })
    })?;
    Ok(found.unwrap_or_default())
}

/// # Errors
/// The store's.
pub fn set_quota(tx: &Tx<'_>, member: MemberId, quota: Quota) -> Result<(), StoreError> {
    tx.execute(include_str!("set_quota.sql"), (member.bytes(), quota.points.0))?;
    match quota.until {
        Some(until) if quota.fen > Fen::ZERO => {
            tx.execute(include_str!("set_stored_quota.sql"), (member.bytes(), quota.fen.0, until.0))?
        }
        _ => tx.execute(include_str!("drop_stored_quota.sql"), [member.bytes()])?,
    };
    Ok(())
}

/// Takes back every quota until HQ's next word.
///
/// # Errors
/// The store's.
pub fn zero_quotas(tx: &Tx<'_>) -> Result<(), StoreError> {
    if crate::planted!("quota_after_restore") {
        return Ok(());
    }
    tx.execute(include_str!("zero_quotas.sql"), [])?;
    tx.execute(include_str!("drop_stored_quotas.sql"), [])?;
    Ok(())
}
