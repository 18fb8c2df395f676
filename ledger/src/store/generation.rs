//! Finds out when the ledger is an old copy: a counter of starts in the file and in a second place.
//!
//! Each start counts up in the ledger first and in the second place after it, so that a stop between
//! the two leaves the ledger ahead. A ledger that is behind was restored from a copy: its numbers were
//! used for other events since, and its quotas may be spent.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use super::error::StoreError;
use super::journal::{Cut, branch, head};
use super::settings;
use super::tx::Tx;
use crate::id::Epoch;

const SETTING: &str = "generation";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Generation {
    /// Starts of this installation.
    pub value: u64,
    /// The ledger was an old copy: a new epoch was opened and every quota is 0.
    pub restored: bool,
    /// False when the second place could not be read or written: copies go unnoticed until it can.
    pub guarded: bool,
}

/// The counter in the second place; None when there is none yet.
pub(super) fn outside(path: &Path) -> Option<u64> {
    fs::read_to_string(path).ok()?.trim().parse().ok()
}

/// Counts this start in the ledger, and opens a new epoch when the ledger is an old copy. `random` makes
/// the epoch's name.
///
/// # Errors
/// The store's.
pub(super) fn count(tx: &Tx<'_>, outside: Option<u64>, random: u64) -> Result<Generation, StoreError> {
    let inside: u64 = settings::get_json(tx, SETTING)?.unwrap_or(0);
    let newest = outside.unwrap_or(inside);
    let value = inside.max(newest) + 1;
    settings::set_json(tx, SETTING, &value)?;
    let restored = match head(tx)? {
        Some(state) if inside < newest => {
            // HQ may hold more of this stream than the copy does: nothing is added to it any more.
            let cut = Cut { epoch: state.stream.epoch, last_seq: state.last_seq };
            branch(tx, &[cut], Epoch::own(random))?;
            true
        }
        _ => false,
    };
    Ok(Generation { value, restored, guarded: true })
}

/// Writes the counter in the second place, durably.
///
/// # Errors
/// The disk's.
pub(super) fn note(path: &Path, value: u64) -> Result<(), StoreError> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let new = path.with_extension("new");
    let mut file = fs::File::create(&new)?;
    writeln!(file, "{value}")?;
    file.sync_all()?;
    fs::rename(new, path)?;
    Ok(())
}
