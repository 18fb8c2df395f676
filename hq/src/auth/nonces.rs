//! Remembers used nonces for as long as a signature lives: a captured request cannot be sent again.

use std::collections::{HashSet, VecDeque};
use std::sync::{Mutex, PoisonError};

use ledger::id::TerminalId;
use ledger::time::Timestamp;
use sync::protocol::signature::TIME_WINDOW_MS;

/// Above any honest load of ten minutes; more is answered `overloaded`, never forgotten.
const NONCES_MAX: usize = 2_000_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    First,
    Again,
    /// Too many to remember: the request must come later.
    Full,
}

type Nonce = (TerminalId, [u8; 16]);

#[derive(Default)]
struct Memory {
    used: HashSet<Nonce>,
    by_age: VecDeque<(Timestamp, Nonce)>,
}

#[derive(Default)]
pub struct Nonces(Mutex<Memory>);

impl Nonces {
    pub fn note(&self, terminal: TerminalId, nonce: [u8; 16], now: Timestamp) -> Use {
        let mut memory = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A signature is good from one window before its time to one after it.
        while let Some((at, old)) = memory.by_age.front().copied()
            && now.since(at) > 2 * TIME_WINDOW_MS
        {
            memory.by_age.pop_front();
            memory.used.remove(&old);
        }
        if memory.used.contains(&(terminal, nonce)) {
            return Use::Again;
        }
        if memory.used.len() >= NONCES_MAX {
            return Use::Full;
        }
        memory.used.insert((terminal, nonce));
        memory.by_age.push_back((now, (terminal, nonce)));
        Use::First
    }
}

/// 32 hex digits as 16 bytes.
pub fn parse(text: &str) -> Option<[u8; 16]> {
    let good = text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit());
    good.then(|| u128::from_str_radix(text, 16).ok().map(u128::to_be_bytes)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nonce_counts_once_per_terminal_while_its_signature_could_live() {
        let (nonces, now) = (Nonces::default(), Timestamp(0));
        let nonce = parse("000102030405060708090a0b0c0d0e0f").unwrap();
        assert_eq!(nonces.note(TerminalId(1), nonce, now), Use::First);
        assert_eq!(nonces.note(TerminalId(2), nonce, now), Use::First);
        assert_eq!(nonces.note(TerminalId(1), nonce, now.plus_ms(2 * TIME_WINDOW_MS)), Use::Again);
        assert_eq!(nonces.note(TerminalId(1), nonce, now.plus_ms(2 * TIME_WINDOW_MS + 1)), Use::First);
        assert_eq!(parse("+00102030405060708090a0b0c0d0e0f"), None);
    }
}
