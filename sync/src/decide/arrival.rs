//! What a decision is about.

use ledger::event::Event;
use ledger::id::{Hash, StoreId};
use ledger::time::Timestamp;

pub use crate::protocol::push::Prior;

/// One event with what travelled beside it.
#[derive(Clone, Copy, Debug)]
pub struct Arrival<'a> {
    pub event: &'a Event,
    /// Of the line as it came; of the inner line when the event was recovered.
    pub hash: Hash,
    /// HQ's clock.
    pub now: Timestamp,
    /// What HQ had made of it before it was restored from a backup, as the till remembers.
    pub prior: Option<&'a Prior>,
    /// The stream's store.
    pub store: &'a StoreId,
    /// The joining member's name from the sealed blob, when it could be opened.
    pub name: Option<&'a str>,
    /// Keyed hash of the number from the sealed blob, when it could be opened.
    pub phone: Option<&'a Hash>,
    /// HQ's public key, 32 bytes, with which it signs what it allows.
    pub hq_key: &'a [u8],
    /// The newest version of the configuration that HQ has published.
    pub bundle: u64,
    /// The terminal went on in another stream: what this one holds may have come re-wrapped before.
    pub left_behind: bool,
}
