//! Scanners that read one label twice: the same code from the same device within a moment is a bounce.
//! From another device it is a second piece.
use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

/// Two reads of one label lie within so long.
pub const BOUNCE: Duration = Duration::from_millis(300);

/// Remembers the last code of each device; as a hash, because it may be a payment code.
#[derive(Debug, Default)]
pub struct Sieve {
    last: HashMap<String, (Instant, blake3::Hash)>,
}

impl Sieve {
    /// True if it is a code of its own. A label held before a scanner that reads on and on stays one code.
    pub fn admits(&mut self, device: &str, text: &str, now: Instant) -> bool {
        let hash = blake3::hash(text.as_bytes());
        let before = self.last.insert(device.to_owned(), (now, hash));
        before.is_none_or(|(at, known)| known != hash || now.saturating_duration_since(at) >= BOUNCE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bounce_is_one_device_one_code_one_moment() {
        let (mut sieve, start) = (Sieve::default(), Instant::now());
        let at = |ms| start + Duration::from_millis(ms);
        assert!(sieve.admits("a", "690", at(0)));
        assert!(!sieve.admits("a", "690", at(120)));
        assert!(sieve.admits("b", "690", at(130)), "another scanner: a second piece");
        assert!(sieve.admits("a", "691", at(140)));
        assert!(sieve.admits("a", "690", at(200)));
        assert!(sieve.admits("a", "690", at(500)));
        assert!(!format!("{sieve:?}").contains("690"));
    }
}
