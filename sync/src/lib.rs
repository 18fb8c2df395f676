//! How facts travel and how conflicts are decided.

pub mod protocol;

pub mod convert;

pub mod decide;

pub mod outbox;

pub mod engine;

#[cfg(feature = "store")]
pub mod store;

#[cfg(feature = "client")]
pub mod client;
