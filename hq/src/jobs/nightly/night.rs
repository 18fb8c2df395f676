//! One night over all stores: the books are closed, then everything is counted.

use ledger::id::Shard;
use ledger::time::{BusinessDay, Timestamp};
use thiserror::Error;

use super::books::close;
use super::report::{self, Night};
use crate::store::{Store, StoreError};

#[derive(Debug, Error)]
pub enum NightError {
    #[error("{0} has not begun in any store: only a day that began can be closed")]
    TooEarly(BusinessDay),
    #[error(transparent)]
    Store(#[from] StoreError),
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
