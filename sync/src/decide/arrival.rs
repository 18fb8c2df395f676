//! What a decision is about.

use ledger::event::Event;
use ledger::id::StoreId;
use ledger::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::protocol::push::Verdict;

/// One event with what travelled beside it.
#[derive(Clone, Copy, Debug)]
pub struct Arrival<'a> {
    pub event: &'a Event,
    /// HQ's clock.
    pub now: Timestamp,
    /// What HQ had made of it before it was restored from a backup, as the till remembers.
    pub prior: Option<&'a Prior>,
    /// The stream's store.
    pub store: &'a StoreId,
    /// The joining member's name from the sealed blob, when it could be opened.
    pub name: Option<&'a str>,
}

/// An earlier verdict on an event that is decided again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prior {
    pub seq: u64,
    pub verdict: Verdict,
    pub code: String,
}
