//! Scanners: devices that send lines of text, by serial port or as a keyboard.
pub mod frame;
pub mod serial;
pub mod wedge;

use std::fmt;

use crate::error::HwError;

/// What a scanner tells. Its `Debug` never shows the scanned text: it may be a payment code.
#[derive(Clone, PartialEq, Eq)]
pub enum ScanEvent {
    /// The device is open.
    Up { device: String },
    /// The device went away; it is tried again by itself.
    Down { device: String, reason: HwError },
    /// One code.
    Scan { device: String, text: String },
}

impl fmt::Debug for ScanEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Up { device } => write!(f, "Up({device})"),
            Self::Down { device, reason } => write!(f, "Down({device}, {reason})"),
            Self::Scan { device, text } => write!(f, "Scan({device}, {} characters)", text.chars().count()),
        }
    }
}
