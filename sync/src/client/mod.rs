//! The till's line to HQ: the transport, and the driver that runs the machine over it.

pub mod ask;
pub mod carry;
pub mod clock;
mod download;
pub mod driver;
pub mod enrol;
mod errands;
mod feed;
pub mod http;
pub mod lan;
pub mod lines;
pub mod pin;
pub mod sse;
pub mod state;
pub mod transport;
pub mod turns;
mod verify;
mod wire;

pub use ask::Asker;
pub use clock::{HqClock, Wall};
pub use driver::{Driver, Handle, Parts};
pub use enrol::{EnrolError, Enrolled, enrol};
pub use http::HttpTransport;
pub use pin::Pin;
pub use state::{Change, SyncState};
pub use transport::Transport;
pub use verify::Verified;
pub use wire::{AddressError, Identity};
