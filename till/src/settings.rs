//! Small things this till remembers, by name.

use ledger::store::{Reader, StoreError, Tx, settings};
use ledger::time::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::pin::Guesses;
use crate::view::CustomerWindow;

const GUESSES: &str = "till.pin_guesses";
const LANGUAGE: &str = "till.language";
const CUSTOMER_WINDOW: &str = "till.customer_window";
const CLOCK_HIGH: &str = "till.clock_high";
const CARD_COUNTER: &str = "till.card_counter";
const TOP_UP_COUNTER: &str = "till.top_up_counter";
const SEEN_CODES: &str = "till.seen_codes";

/// The first language is the one of the shop.
pub const LANGUAGES: [&str; 2] = ["zh-CN", "en"];

/// # Errors
/// The ledger cannot be read.
pub fn guesses(r: &Reader) -> Result<Guesses, StoreError> {
    Ok(settings::get_json(r, GUESSES)?.unwrap_or_default())
}

/// # Errors
/// The ledger cannot be written.
pub fn set_guesses(tx: &Tx<'_>, guesses: Guesses) -> Result<(), StoreError> {
    settings::set_json(tx, GUESSES, &guesses)
}

/// # Errors
/// The ledger cannot be read.
pub fn language(r: &Reader) -> Result<String, StoreError> {
    Ok(settings::get_json(r, LANGUAGE)?.unwrap_or_else(|| LANGUAGES[0].to_owned()))
}

/// # Errors
/// The ledger cannot be written.
pub fn set_language(tx: &Tx<'_>, language: &str) -> Result<(), StoreError> {
    settings::set_json(tx, LANGUAGE, &language)
}

/// # Errors
/// The ledger cannot be read.
pub fn customer_window(r: &Reader) -> Result<CustomerWindow, StoreError> {
    Ok(settings::get_json(r, CUSTOMER_WINDOW)?.unwrap_or_default())
}

/// # Errors
/// The ledger cannot be written.
pub fn set_customer_window(tx: &Tx<'_>, wanted: CustomerWindow) -> Result<(), StoreError> {
    settings::set_json(tx, CUSTOMER_WINDOW, &wanted)
}

/// Latest wall time before a clock was set back.
///
/// # Errors
/// The ledger cannot be read.
pub fn clock_high(r: &Reader) -> Result<Option<Timestamp>, StoreError> {
    settings::get_json(r, CLOCK_HIGH)
}

/// # Errors
/// The ledger cannot be written.
pub fn set_clock_high(tx: &Tx<'_>, high: Timestamp) -> Result<(), StoreError> {
    settings::set_json(tx, CLOCK_HIGH, &high)
}

/// Member codes shown here a moment ago.
///
/// # Errors
/// The ledger cannot be read.
pub fn seen_codes<T: DeserializeOwned>(r: &Reader) -> Result<Vec<T>, StoreError> {
    Ok(settings::get_json(r, SEEN_CODES)?.unwrap_or_default())
}

/// # Errors
/// The ledger cannot be written.
pub fn set_seen_codes<T: Serialize>(tx: &Tx<'_>, seen: &[T]) -> Result<(), StoreError> {
    settings::set_json(tx, SEEN_CODES, &seen)
}

/// The next number for a top-up of this till, from 1; taken inside its transaction.
///
/// # Errors
/// The ledger cannot be written.
pub fn next_top_up(tx: &Tx<'_>) -> Result<u32, StoreError> {
    let next = settings::get_json::<u32>(tx, TOP_UP_COUNTER)?.unwrap_or(0) + 1;
    settings::set_json(tx, TOP_UP_COUNTER, &next)?;
    Ok(next)
}

/// The next number for a card given out by this till, from 1; taken inside the joining transaction.
///
/// # Errors
/// The ledger cannot be written.
pub fn next_card(tx: &Tx<'_>) -> Result<u32, StoreError> {
    let next = settings::get_json::<u32>(tx, CARD_COUNTER)?.unwrap_or(0) + 1;
    settings::set_json(tx, CARD_COUNTER, &next)?;
    Ok(next)
}
