//! The journal: outbox and archive of everything this terminal asserts.

mod append;
pub(crate) mod place;
pub(crate) mod stream;
pub(crate) mod tail;

pub use append::{Appended, Draft, append};
pub use stream::{Parent, StreamState, head, mark, open, streams};
pub use tail::{Counts, StoredEvent, counts, event, hash_at, replay, rewind, unsent, verify_chain};
