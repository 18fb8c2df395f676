//! What a scanned or typed code is, by its shape.
mod check_digit;
mod classify;
mod code;
mod scale;

pub use check_digit::{ean_is_valid, luhn_is_valid};
pub use classify::{classify, classify_with};
pub use code::{Code, PaymentCode, ScanContext, Wallet};
pub use scale::{ScaleLayout, ScaleRule};
