//! HQ's books of a store: days are closed one after the other, and a closed one never changes.

use ledger::id::StoreId;
use ledger::time::{BusinessDay, Timestamp};
use serde::{Deserialize, Serialize};
use sync::decide::kept::{self, Keep, Kept};
use sync::decide::late::{self, Accounting};

use crate::store::{Read, StoreError, Write};

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

/// Ends the accounting of `date` and of every day before it; a closed day stays as it is.
///
/// # Errors
/// What the database reports.
pub fn close(tx: &dyn Write, store: &StoreId, date: BusinessDay, now: Timestamp) -> Result<(), StoreError> {
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
