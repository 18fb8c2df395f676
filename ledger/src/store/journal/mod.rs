//! The journal: outbox and archive of everything this terminal asserts.

mod append;
mod branch;
mod joins;
pub(crate) mod place;
mod prune;
mod shred;
pub(crate) mod stream;
pub(crate) mod tail;

pub use crate::event::Parent;
pub use append::{Appended, Draft, append};
pub use branch::{Cut, branch, rewrapped};
pub use joins::joins;
pub use prune::prune;
pub use shred::shred;
pub use stream::{StreamState, head, mark, open, streams};
pub use tail::{
    Counts, StoredEvent, counts, day_of, doubt, event, hash_at, is_own, newest_day, replay, rewind,
    shared_hash_at, unsent, verify_chain,
};
