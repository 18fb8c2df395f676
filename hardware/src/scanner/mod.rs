//! Scanners: devices that send lines of text or reports, by serial port, as HID-POS or as a keyboard.
pub mod frame;
pub mod frames;
pub mod hidpos;
pub mod listener;
pub mod wedge;

use std::fmt;

use crate::state::Health;

/// What a scanner tells. Its `Debug` never shows the scanned text: it may be a payment code.
#[derive(Clone, PartialEq, Eq)]
pub enum ScanEvent {
    /// The device came, went, or cannot be used.
    Health { device: String, health: Health },
    /// One code.
    Scan { device: String, text: String },
}

impl fmt::Debug for ScanEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Health { device, health } => write!(f, "Health({device}, {:?})", health.state),
            Self::Scan { device, text } => write!(f, "Scan({device}, {} characters)", text.chars().count()),
        }
    }
}
