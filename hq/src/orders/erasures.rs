//! The list of erasures, one JSON line each, beside the database and not in it: a backup that is restored
//! brings people back who asked to be forgotten. Before a restored headquarters serves anybody, the list is
//! carried out again.

use std::io::{BufRead as _, BufReader};
use std::path::Path;

use ledger::time::Timestamp;
use sync::decide::order::{Order, Refusal};

use super::forgotten::Line;
use super::{OrderError, Wish, carry_out};
use crate::store::Store;

/// [`carry_out_again`], with a word in the log when a backup had brought somebody back.
///
/// # Errors
/// What the database or the list reports.
pub fn outlive_backups(store: &dyn Store, now: Timestamp, list: &Path) -> Result<(), OrderError> {
    let erased = carry_out_again(store, now, list)?;
    if erased > 0 {
        tracing::warn!(erased, "members were erased again that a backup had brought back");
    }
    Ok(())
}

/// Erases everybody on the list who is there again; how many were. A line that was cut off by a power
/// failure belongs to an erasure that was not done.
///
/// # Errors
/// What the database or the list reports.
pub fn carry_out_again(store: &dyn Store, now: Timestamp, list: &Path) -> Result<u32, OrderError> {
    if !list.exists() {
        return Ok(0);
    }
    let file = std::fs::File::open(list).map_err(OrderError::List)?;
    let mut erased = 0;
    for line in BufReader::new(file).lines() {
        let line = line.map_err(OrderError::List)?;
        let Ok(Line { member, .. }) = serde_json::from_str(&line) else { continue };
        match carry_out(store, now, &Wish::Member(Order::Erase { member }), None) {
            Ok((done, _)) => erased += u32::from(!done.entries.is_empty()),
            // Joined after the backup was made: the till will say so again, and is told then.
            Err(OrderError::Refused(Refusal::UnknownMember)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(erased)
}
