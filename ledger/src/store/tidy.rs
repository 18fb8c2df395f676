//! Housekeeping for idle moments: what nobody will ask for again goes, the log moves into the file.

use super::error::StoreError;
use super::print_jobs;
use super::sales;
use super::tx::{Ledger, WalState};
use crate::time::{DAY_MS, Timestamp};

/// Printed documents are kept this long for reprints that say the same.
const PRINTED_KEPT_MS: i64 = 35 * DAY_MS;

/// Call it when no customer waits.
///
/// # Errors
/// The store's.
pub fn tidy(ledger: &Ledger, now: Timestamp) -> Result<WalState, StoreError> {
    ledger.write(|tx| {
        sales::drop_old_answers(tx)?;
        print_jobs::prune(tx, now.plus_ms(-PRINTED_KEPT_MS))
    })?;
    ledger.checkpoint_idle()
}
