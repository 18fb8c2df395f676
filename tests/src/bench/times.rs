//! Times of many operations, and what is said of them.

use std::time::{Duration, Instant};

/// The times of one slice.
#[derive(Clone, Debug, Default)]
pub struct Times(Vec<Duration>);

impl Times {
    /// Times each of `count` operations.
    pub fn of(count: usize, mut operation: impl FnMut()) -> Times {
        (0..count).map(|_| timed(&mut operation)).collect()
    }

    /// A size where a time would stand: one byte is one second.
    pub fn of_bytes(bytes: f64) -> Times {
        Times(vec![Duration::from_secs_f64(bytes)])
    }

    /// The time that `permille` of a thousand operations stay within; zero of none.
    pub fn within(&self, permille: usize) -> Duration {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let place = (sorted.len() * permille).div_ceil(1_000);
        sorted.get(place.saturating_sub(1)).copied().unwrap_or_default()
    }

    pub fn p50(&self) -> Duration {
        self.within(500)
    }

    pub fn p99(&self) -> Duration {
        self.within(990)
    }

    pub fn add(&mut self, more: &Times) {
        self.0.extend(&more.0);
    }
}

impl FromIterator<Duration> for Times {
    fn from_iter<I: IntoIterator<Item = Duration>>(times: I) -> Self {
        Times(times.into_iter().collect())
    }
}

/// How long `operation` takes.
pub fn timed(operation: impl FnOnce()) -> Duration {
    let started = Instant::now();
    operation();
    started.elapsed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_one_of_the_times() {
        let times: Times = (1..=200).rev().map(Duration::from_millis).collect();
        assert_eq!(times.p50(), Duration::from_millis(100));
        assert_eq!(times.p99(), Duration::from_millis(198));
        assert_eq!(Times::default().p99(), Duration::ZERO);
    }
}
