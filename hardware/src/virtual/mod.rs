//! A printer without a printer: reads ESC/POS, draws the paper.
//!
//! It shares no command code with `escpos/`, so that a mistake there cannot hide here.
pub mod files;
mod paper;
mod png;
mod printer;

pub use paper::Paper;
pub use printer::interpret;
