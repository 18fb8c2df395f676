//! Tidying in idle moments, never inside a checkout.

use ledger::store::{Ledger, StoreError, print_jobs, sales};
use ledger::time::{DAY_MS, Timestamp};

/// Papers are kept for copies this long.
const PAPERS_KEPT_MS: i64 = 400 * DAY_MS;

/// Moves the log into the main file and forgets what nobody will ask for.
///
/// # Errors
/// The ledger cannot be written; nothing is lost by trying later.
pub fn tidy(ledger: &Ledger, now: Timestamp) -> Result<(), StoreError> {
    ledger.write(|tx| {
        sales::drop_old_answers(tx)?;
        print_jobs::prune(tx, now.plus_ms(-PAPERS_KEPT_MS))
    })?;
    ledger.checkpoint_idle()?;
    Ok(())
}
