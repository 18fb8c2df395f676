//! Devices of a till: receipt printer, cash drawer, customer display, scanner; and the shapes of scanned codes.
//!
//! A leaf: it knows no other crate of ours, no database and no window. One thread owns each
//! device; work comes in through channels, events go out through the caller's traits.
pub mod display;
pub mod drawer;
pub mod error;
pub mod escpos;
mod font;
pub mod health;
pub mod queue;
pub mod receipt;
pub mod registry;
pub mod scan;
pub mod scanner;
pub mod state;
pub mod transport;
pub mod uri;
pub mod r#virtual;

pub use error::HwError;
pub use uri::DeviceUri;
