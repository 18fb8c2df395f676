//! Magnetic cards: tracks 1 and 2 (ISO/IEC 7811-2, 7813) as a reader types them.
use super::check_digit::luhn_is_valid;

/// What the stripe says. Bank cards are recognised to be dropped: their number goes nowhere.
#[derive(Clone, PartialEq, Eq)]
pub enum Stripe {
    /// A card of a shop: its number.
    Card(String),
    BankCard,
}

/// Reads `%…?`, `;…?` or both; `None` if it is no track data. Never panics.
pub fn read(text: &str) -> Option<Stripe> {
    let tracks: Vec<&str> =
        text.split_inclusive('?').map(str::trim).filter(|track| !track.is_empty()).collect();
    if tracks.is_empty() || tracks.len() > 3 {
        return None;
    }
    let numbers: Option<Vec<(&str, bool)>> = tracks.iter().map(|track| number(track)).collect();
    let numbers = numbers?;
    if numbers.iter().any(|(number, has_more)| is_bank_card(number, *has_more)) {
        return Some(Stripe::BankCard);
    }
    // Track 2 before track 1: it has digits only and is what member cards carry.
    let card = numbers.iter().rev().map(|(number, _)| *number).find(|number| !number.is_empty())?;
    Some(Stripe::Card(card.to_owned()))
}

/// The number of one track, and whether more follows it as on bank cards.
fn number(track: &str) -> Option<(&str, bool)> {
    let inside = track.strip_suffix('?')?;
    let (inside, end) = match inside.strip_prefix(';').or_else(|| inside.strip_prefix('+')) {
        Some(inside) => (inside, '='),
        None => (inside.strip_prefix('%')?, '^'),
    };
    let (number, more) = inside.split_once(end).map_or((inside, false), |(number, _)| (number, true));
    let number = number.strip_prefix('B').filter(|_| end == '^').unwrap_or(number);
    let plain = number.bytes().all(|byte| byte.is_ascii_alphanumeric());
    plain.then_some((number, more))
}

/// 12 to 19 digits that the card networks' check fits, or a long number with a date behind it.
fn is_bank_card(number: &str, has_more: bool) -> bool {
    let digits = number.bytes().all(|byte| byte.is_ascii_digit());
    digits && (16..=19).contains(&number.len()) && (has_more || luhn_is_valid(number))
}
