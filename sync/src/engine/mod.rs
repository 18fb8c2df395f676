//! The protocol as a state machine without I/O: events in, effects out. Time and randomness come in
//! with each event; [`crate::client`] does what the effects say.

mod answers;
pub mod backoff;
pub mod batch;
pub mod effect;
pub mod event;
mod failures;
pub mod lane;
pub mod machine;

pub use effect::{Attention, Effect};
pub use event::{Event, Fault};
pub use lane::Lane;
pub use machine::Machine;
