//! A file of events that a person carries to HQ: one [`ExportHead`] line in the clear, then a libsodium
//! sealed box to HQ's X25519 key. Inside, zstd: pushes one after the other, each its head line and as many
//! event lines as it counts.

use ledger::id::{StoreId, TerminalId};
use ledger::time::Timestamp;
use serde::{Deserialize, Serialize};

/// What the first line says that the file is.
pub const KIND: &str = "events";
pub const VERSION: u32 = 1;

/// For people who find the file; HQ trusts only what the author signed inside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportHead {
    /// [`KIND`]
    pub suanpan: String,
    pub v: u32,
    pub terminal: TerminalId,
    pub store: StoreId,
    pub made_at: Timestamp,
    pub events: u64,
}
