//! The journal: outbox and archive of everything this terminal asserts.

mod append;
pub(in crate::store) mod place;
pub(in crate::store) mod stream;
pub(in crate::store) mod tail;

pub use append::{Appended, Draft, append};
pub use stream::{Parent, StreamState, head, mark, open, streams};
pub use tail::{Counts, StoredEvent, counts, event, hash_at, replay, rewind, unsent, verify_chain};
