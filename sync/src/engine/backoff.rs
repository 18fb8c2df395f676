//! How long to wait after a failure: decorrelated jitter, so that tills never come back in step.

/// Shortest and longest wait, ms.
pub const WAIT_MIN_MS: u64 = 500;
pub const WAIT_MAX_MS: u64 = 60_000;

/// Of the time without an answer, a wait takes at most this part: a short break is over soon after it ends.
const OF_THE_DARK: u64 = 4;

/// `wait = random(min, 3 * last wait)`, capped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Backoff {
    last_ms: u64,
}

impl Backoff {
    /// True until the first failure after a success.
    pub fn is_fresh(&self) -> bool {
        self.last_ms == 0
    }

    /// The next wait while nobody answers, for `dark_ms` by now, ms. Whatever made the till try more often in that
    /// time does not make it slow afterwards.
    pub fn next_in_the_dark_ms(&mut self, random: u64, dark_ms: u64) -> u64 {
        self.last_ms = self.last_ms.min((dark_ms / OF_THE_DARK).max(3 * WAIT_MIN_MS) / 3);
        self.next_ms(random, None)
    }

    /// The next wait, ms. `random` is any number; `retry_after_ms` is what HQ asked for.
    pub fn next_ms(&mut self, random: u64, retry_after_ms: Option<u64>) -> u64 {
        let high = self.last_ms.max(WAIT_MIN_MS).saturating_mul(3);
        let jitter = WAIT_MIN_MS + random % (high - WAIT_MIN_MS + 1);
        self.last_ms = jitter.min(WAIT_MAX_MS);
        self.last_ms.max(retry_after_ms.unwrap_or(0).min(10 * WAIT_MAX_MS))
    }

    pub fn reset(&mut self) {
        self.last_ms = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_wait_stays_between_half_a_second_and_a_minute(randoms in proptest::collection::vec(any::<u64>(), 1..60)) {
            let mut backoff = Backoff::default();
            for random in randoms {
                let wait_ms = backoff.next_ms(random, None);
                prop_assert!((WAIT_MIN_MS..=WAIT_MAX_MS).contains(&wait_ms));
            }
        }
    }

    proptest! {
        #[test]
        fn a_till_is_back_soon_after_a_break_however_often_it_tried(randoms in proptest::collection::vec(any::<u64>(), 1..60)) {
            let mut backoff = Backoff::default();
            // Each sale in the dark tries again, twice a second.
            for (n, random) in (1..).zip(randoms) {
                let dark_ms = n * 500;
                let wait_ms = backoff.next_in_the_dark_ms(random, dark_ms);
                prop_assert!(wait_ms <= (dark_ms / 4).max(1_500), "{} after {}", wait_ms, dark_ms);
            }
        }
    }

    #[test]
    fn a_long_break_ends_in_waits_of_a_minute() {
        let mut backoff = Backoff::default();
        let randoms = (1..=20).map(|n: u64| n * 7_919);
        let waits: Vec<u64> = randoms.map(|random| backoff.next_in_the_dark_ms(random, 3_600_000)).collect();
        assert!(waits.iter().any(|wait_ms| *wait_ms > WAIT_MAX_MS / 2), "{waits:?}");
    }

    #[test]
    fn the_wait_that_hq_asks_for_is_kept() {
        assert!(Backoff::default().next_ms(0, Some(7_000)) >= 7_000);
    }

    #[test]
    fn waits_grow_while_nothing_succeeds() {
        let mut backoff = Backoff::default();
        let waits: Vec<u64> = (0..10).map(|_| backoff.next_ms(u64::MAX / 2, None)).collect();
        assert!(waits[9] > waits[0], "{waits:?}");
        backoff.reset();
        assert!(backoff.next_ms(0, None) == WAIT_MIN_MS);
    }
}
