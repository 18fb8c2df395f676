//! Slows down guessing of codes and passwords.

use std::sync::{Mutex, PoisonError};

use ledger::time::{MINUTE_MS, Timestamp};

const FAILURES_MAX: u32 = 20;
const WINDOW_MS: i64 = MINUTE_MS;

/// Counts failures of the whole server in a window; successes cost nothing.
#[derive(Default)]
pub struct Attempts(Mutex<(Timestamp, u32)>);

impl Attempts {
    /// False while too many guesses failed lately.
    pub fn allowed(&self, now: Timestamp) -> bool {
        let (since, failures) = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        failures < FAILURES_MAX || now.since(since) >= WINDOW_MS
    }

    pub fn failed(&self, now: Timestamp) {
        let mut window = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if now.since(window.0) >= WINDOW_MS {
            *window = (now, 0);
        }
        window.1 += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guessing_is_stopped_for_a_minute() {
        let (attempts, now) = (Attempts::default(), Timestamp(1_000_000));
        (0..FAILURES_MAX).for_each(|_| attempts.failed(now));
        assert!(!attempts.allowed(now));
        assert!(attempts.allowed(now.plus_ms(WINDOW_MS)));
    }
}
