//! Proximity cards: readers type the card's number as ten decimal digits, some with its bytes reversed.

/// Digits that a reader types ("8H10D").
const DIGITS: usize = 10;

/// True for ten digits that can be the four bytes of a card.
pub fn is_card(text: &str) -> bool {
    text.len() == DIGITS && text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<u32>().is_ok()
}

/// The number as read and with its bytes reversed: the same card at a reader of the other order.
pub fn both_orders(text: &str) -> Option<[String; 2]> {
    let number: u32 = is_card(text).then(|| text.parse().ok()).flatten()?;
    Some([text.to_owned(), format!("{:010}", number.swap_bytes())])
}
