//! What a scanned or typed code is, by its shape.
pub mod aim;
pub mod card;
mod check_digit;
mod classify;
mod code;
mod code128;
mod examine;
pub mod gs1;
mod normal;
mod rules;
mod scale;
pub mod setup;
pub mod sheet;
pub mod sieve;
mod sound;
pub mod stripe;
mod told;
pub mod waiting;

pub use check_digit::{ean_is_valid, luhn_is_valid};
pub use classify::{classify, classify_with};
pub use code::{Code, PaymentCode, ScanContext, Wallet};
pub use examine::{Examined, Reason, examine};
pub use rules::{CardRule, ScanRules};
pub use scale::{ScaleLayout, ScaleRule};
pub use sound::RulesError;
