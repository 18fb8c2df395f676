//! Tidying in idle moments, never inside a checkout.

use ledger::store::{Ledger, StoreError, Tx, journal, print_jobs, sales};
use ledger::time::{DAY_MS, Timestamp};
use sync::store::outcomes;

/// Papers are kept for copies this long.
const PAPERS_KEPT_MS: i64 = 400 * DAY_MS;

/// Moves the log into the main file and forgets what nobody will ask for. Events go only when they are in a
/// verified backup of headquarters and older than `retain_days`.
///
/// # Errors
/// The ledger cannot be written; nothing is lost by trying later.
pub fn tidy(ledger: &Ledger, now: Timestamp, retain_days: u32) -> Result<(), StoreError> {
    ledger.write(|tx| {
        sales::drop_old_answers(tx)?;
        print_jobs::prune(tx, now.plus_ms(-PAPERS_KEPT_MS))
    })?;
    ledger.write(|tx| prune(tx, now.plus_ms(-i64::from(retain_days) * DAY_MS)))?;
    ledger.checkpoint_idle()?;
    Ok(())
}

fn prune(tx: &Tx<'_>, before: Timestamp) -> Result<(), StoreError> {
    let events = journal::prune(tx, before)?;
    if events == 0 {
        return Ok(());
    }
    tracing::info!(events, "old events that headquarters holds for good left the journal");
    for state in journal::streams(tx)? {
        if let Some((through, _)) = state.anchor {
            outcomes::prune(tx, state.stream.epoch, through)?;
        }
    }
    Ok(())
}
