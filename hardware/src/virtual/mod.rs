//! Devices without devices: a printer that draws its paper, a display, a scanner.
//!
//! The interpreter of ESC/POS shares no command code with `escpos/`, so that a mistake there cannot hide here.
#[cfg(feature = "devices")]
pub mod display;
#[cfg(feature = "devices")]
pub mod files;
mod paper;
mod png;
mod printer;
#[cfg(feature = "devices")]
pub mod scanner;
#[cfg(feature = "devices")]
pub mod talker;

pub use paper::Paper;
pub use printer::interpret;
