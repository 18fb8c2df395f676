//! The night: HQ's books of a day are closed, and every till's day is counted again from its facts.

use ledger::id::{Shard, StoreId};
use ledger::time::{BusinessDay, Timestamp};
use serde::{Deserialize, Serialize};
use sync::decide::kept::{self, Keep, Kept};
use sync::decide::late::{self, Accounting};
use thiserror::Error;

use crate::store::{Read, Store, StoreError, Write};

pub mod report;
mod till;

pub mod schedule;

pub use report::{Night, State, StoreNight};
pub use till::{TillNight, TillState};

#[derive(Debug, Error)]
pub enum NightError {
    #[error("{0} has not begun in any store: only a day that began can be closed")]
    TooEarly(BusinessDay),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a store's books said when its day was closed. Id: `<store>/<yyyymmdd>`; shard: the store's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClosedDay {
    /// Sales minus refunds that were booked on the day.
    pub total_fen: i64,
    pub count: i64,
    pub closed_at: Timestamp,
}

impl Kept for ClosedDay {
    const KIND: &'static str = "closed_day";
}

/// Closes `date` in the books of every store and counts it again. Doing it twice changes nothing.
///
/// # Errors
/// [`NightError::TooEarly`], or what the database reports.
pub fn run(store: &dyn Store, now: Timestamp, date: BusinessDay) -> Result<Night, NightError> {
    let tx = store.write()?;
    // Nothing is decided while a day ends: every fact falls on one side of it.
    tx.lock(&(0..=255).map(Shard).collect::<Vec<_>>())?;
    let stores = tx.stores()?;
    if stores.iter().all(|s| BusinessDay::at(now, s.zone) < date) {
        return Err(NightError::TooEarly(date));
    }
    for config in &stores {
        close(&*tx, &config.id, date, now)?;
    }
    tx.commit()?;
    Ok(report::count(&*store.read()?, date)?)
}

/// Ends the accounting of `date` and of every day before it; a closed day stays as it is.
fn close(tx: &dyn Write, store: &StoreId, date: BusinessDay, now: Timestamp) -> Result<(), StoreError> {
    if late::closed_through(tx, store)?.is_some_and(|through| date <= through) {
        return Ok(());
    }
    let sums = tx.sales_of_day(store, date)?;
    let day = ClosedDay {
        total_fen: sums.iter().map(|sum| sum.total_fen).sum(),
        count: sums.iter().map(|sum| sum.count).sum(),
        closed_at: now,
    };
    let shard = late::shard_of(store);
    tx.keep(&Keep::put(shard, closed_id(store, date), &day))?;
    tx.keep(&Keep::put(shard, store.0.clone(), &Accounting { closed_through: date }))
}

fn closed_id(store: &StoreId, date: BusinessDay) -> String {
    format!("{store}/{}", date.number())
}

/// What the books said when the day was closed; None for a day that was closed together with a later one.
///
/// # Errors
/// What the database reports.
pub fn closed(tx: &dyn Read, store: &StoreId, date: BusinessDay) -> Result<Option<ClosedDay>, StoreError> {
    kept::one(tx, late::shard_of(store), &closed_id(store, date))
}
