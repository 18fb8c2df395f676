//! What the till keeps of its talk with HQ, and how HQ's word becomes the till's confirmed state.
//!
//! Every change here is one transaction together with the cursor or watermark that it moves: a till
//! that stops anywhere goes on from where it was.

pub mod acks;
pub mod config;
pub mod contact;
pub mod cursors;
pub mod digest;
pub mod existence;
pub mod fold;
pub mod interest;
pub mod mend;
pub mod outcomes;
pub mod parked;
pub mod siblings;
pub mod snapshot;
pub mod standing;

use ledger::id::{StoreId, TerminalId};
use ledger::store::{Reader, StoreError};

/// Scripts for `Options.migrations` of the ledger.
pub const MIGRATIONS: &[(&str, &str)] = &[
    ("sync/0001", include_str!("../../migrations/0001_sync.sql")),
    ("sync/0002", include_str!("../../migrations/0002_rejected.sql")),
    ("sync/0003", include_str!("../../migrations/0003_siblings.sql")),
];

/// Who this till is: tells own events and own quota from everybody else's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Own {
    pub terminal: TerminalId,
    pub store: StoreId,
}

impl Own {
    /// The same till where it stands now: it may have moved since its program started (C35).
    pub(super) fn here(&self, r: &Reader) -> Result<Own, StoreError> {
        let store = config::current(r)?.map_or_else(|| self.store.clone(), |config| config.store.id);
        Ok(Own { terminal: self.terminal, store })
    }
}
