//! What a decision is about.

use ledger::event::Event;
use ledger::id::StoreId;

/// One event with what travelled beside it.
#[derive(Clone, Copy, Debug)]
pub struct Arrival<'a> {
    pub event: &'a Event,
    /// The terminal's store.
    pub store: &'a StoreId,
    /// The joining member's name from the sealed blob, when it could be opened.
    pub name: Option<&'a str>,
}
