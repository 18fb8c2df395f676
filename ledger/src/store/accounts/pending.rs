//! Provisional postings of this till's undecided events.

use std::borrow::Cow;

use crate::event::{Event, SpendMode};
use crate::fact::Fact;
use crate::id::MemberId;
use crate::money::Fen;
use crate::points::Points;
use crate::posting::{Account, Reason, Unit};
use crate::quota::OfflineSpending;
use crate::store::error::StoreError;
use crate::store::journal::place::Place;
use crate::store::tx::{Reader, Tx};

pub(crate) fn insert(tx: &Tx<'_>, place: Place, event: &Event) -> Result<(), StoreError> {
    let head = &happened(event).head;
    for leg in &head.legs {
        let spend = match (leg.reason, head.mode) {
            (Reason::Redeem | Reason::StoredPay, SpendMode::Online) => 1,
            (Reason::Redeem | Reason::StoredPay, _) => 2,
            _ => 0,
        };
        let params = (place.0, leg.n, leg.account.to_string(), leg.unit.to_string(), leg.delta, spend);
        tx.execute(include_str!("pending_insert.sql"), params)?;
    }
    Ok(())
}

/// `event`, which lies at `place`, moves nothing provisionally any more.
pub(crate) fn clear(tx: &Tx<'_>, place: Place, event: &Event) -> Result<(), StoreError> {
    for leg in &happened(event).head.legs {
        let params = (leg.account.to_string(), leg.unit.to_string(), place.0);
        tx.execute(include_str!("pending_clear.sql"), params)?;
    }
    Ok(())
}

pub(crate) fn clear_between(tx: &Tx<'_>, first: Place, last: Place) -> Result<(), StoreError> {
    tx.execute(include_str!("pending_clear_between.sql"), (first.0, last.0))?;
    Ok(())
}

/// What a recovered event is about is the event in it.
fn happened(event: &Event) -> Cow<'_, Event> {
    match &event.fact {
        Fact::Recovered(_) => Cow::Owned(event.clone().unwrapped()),
        _ => Cow::Borrowed(event),
    }
}

/// The sum of undecided movements of this till on one account, signed.
///
/// # Errors
/// The store's.
pub fn pending_sum(r: &Reader, account: &Account, unit: Unit) -> Result<i64, StoreError> {
    let params = (account.to_string(), unit.to_string());
    Ok(r.first(include_str!("pending_sum.sql"), params, |row| row.get(0))?.unwrap_or(0))
}

/// What this member spent here, and all members without HQ, that is not decided yet.
///
/// # Errors
/// The store's.
pub fn offline_spending(r: &Reader, member: MemberId) -> Result<OfflineSpending, StoreError> {
    let accounts = (Account::Member(member).to_string(), Account::Stored(member).to_string());
    let found = r.first(include_str!("offline_spending.sql"), accounts, |row| {
        Ok(OfflineSpending { spent: Points(row.get(0)?), in_a_row: row.get(1)?, outage: Points(row.get(2)?) })
    })?;
    Ok(found.filter(|_| !crate::planted!("quota_whole")).unwrap_or_default())
}

/// Stored value of this member spent here without HQ and not decided yet, >= 0.
///
/// # Errors
/// The store's.
pub fn stored_spending(r: &Reader, member: MemberId) -> Result<Fen, StoreError> {
    let account = Account::Stored(member).to_string();
    Ok(Fen(r.first(include_str!("stored_spending.sql"), [account], |row| row.get(0))?.unwrap_or(0)))
}
