//! How facts travel and how conflicts are decided.

pub mod protocol;

pub mod outbox;

pub mod engine;
