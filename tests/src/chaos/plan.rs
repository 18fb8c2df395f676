//! What a run is about, and what its threads count together.

use std::sync::atomic::{AtomicU64, Ordering};

/// Which database headquarters stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Database {
    Sqlite,
    Postgres,
}

impl Database {
    pub fn name(self) -> String {
        format!("{self:?}").to_lowercase()
    }
}

/// What all threads of a run count together.
#[derive(Debug, Default)]
pub struct Tally {
    pub kills: AtomicU64,
    pub faults: AtomicU64,
}

impl Tally {
    pub fn kill(&self) {
        self.kills.fetch_add(1, Ordering::Relaxed);
        self.fault();
    }

    pub fn fault(&self) {
        self.faults.fetch_add(1, Ordering::Relaxed);
    }
}

/// Faults that a run may not mix: two of them together may destroy every copy of a sale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// A till's folder is put back to an older copy.
    RolledBackTill,
    /// A till's folder runs on two machines.
    ClonedTill,
    /// Headquarters' data is put back to an older copy, and nobody tells it.
    TurnedBackHeadquarters,
    /// Headquarters' data is lost, and its operator restores a backup.
    RestoredHeadquarters,
    /// Only kills, stops and partitions.
    Plain,
}
