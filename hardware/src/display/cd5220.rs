//! CD5220: two lines of 20 ASCII characters. `ESC s` is never sent: here it writes the EEPROM.
use super::content::{Content, yuan};

/// `ESC @`, then full brightness (`ESC * 4`).
pub(super) const HELLO: &[u8] = &[0x1b, 0x40, 0x1b, 0x2a, 0x04];
const CLEAR: u8 = 0x0c;
const COLUMNS: usize = 20;

/// `CLR`, `ESC Q A <upper> CR`, `ESC Q B <lower> CR`.
pub(super) fn bytes(content: Content) -> Vec<u8> {
    let (upper, lower) = match content {
        Content::Welcome => ("WELCOME", String::new()),
        Content::Price { fen } => ("PRICE", yuan(fen)),
        Content::Total { fen } => ("TOTAL", yuan(fen)),
        Content::Received { fen } => ("RECEIVED", yuan(fen)),
        Content::Change { fen } => ("CHANGE", yuan(fen)),
    };
    let mut bytes = vec![CLEAR, 0x1b, b'Q', b'A'];
    bytes.extend(upper.bytes().chain([b'\r', 0x1b, b'Q', b'B']));
    // A number that does not fit becomes dashes: a wrong amount must not be read.
    let lower = if lower.len() > COLUMNS { "-".repeat(COLUMNS) } else { lower };
    bytes.extend(format!("{lower:>COLUMNS$}").bytes());
    bytes.push(b'\r');
    bytes
}
