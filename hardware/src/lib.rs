//! Devices of a till: receipt printer, cash drawer, customer display, scanner; and the shapes of scanned codes.
//!
//! A leaf: it knows no other crate of ours, no database and no window. One thread owns each
//! device; work comes in through channels, events go out through the caller's traits.
#[cfg(feature = "devices")]
pub mod display;
#[cfg(feature = "devices")]
pub mod drawer;
pub mod error;
pub mod escpos;
mod font;
#[cfg(feature = "devices")]
pub mod health;
#[cfg(feature = "devices")]
pub mod queue;
pub mod receipt;
#[cfg(feature = "devices")]
pub mod registry;
pub mod scan;
#[cfg(feature = "devices")]
pub mod scanner;
pub mod state;
#[cfg(feature = "devices")]
pub mod transport;
#[cfg(feature = "devices")]
pub mod uri;
pub mod r#virtual;

pub use error::HwError;
#[cfg(feature = "devices")]
pub use uri::DeviceUri;
