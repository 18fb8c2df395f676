//! LED8: eight digits and lamps for price, total, received and change.
use super::content::{Content, yuan};

/// `ESC @`.
pub(super) const HELLO: &[u8] = &[0x1b, 0x40];
const CLEAR: u8 = 0x0c;
/// Digits that fit; the point takes no place of its own.
const DIGITS: usize = 8;

/// `CLR`, `ESC s n` (lamp), `ESC Q A <number> CR`.
pub(super) fn bytes(content: Content) -> Vec<u8> {
    let (lamp, fen) = match content {
        Content::Welcome => (b'0', 0),
        Content::Price { fen } => (b'1', fen),
        Content::Total { fen } => (b'2', fen),
        Content::Received { fen } => (b'3', fen),
        Content::Change { fen } => (b'4', fen),
    };
    let mut bytes = vec![CLEAR, 0x1b, b's', lamp, 0x1b, b'Q', b'A'];
    bytes.extend(number(fen).bytes());
    bytes.push(b'\r');
    bytes
}

/// A number that does not fit becomes dashes: a wrong amount must not be read.
fn number(fen: i64) -> String {
    let text = yuan(fen);
    let digits = text.chars().filter(|unit| *unit != '.').count();
    if digits > DIGITS { "-".repeat(DIGITS) } else { text }
}
