//! Waiting for a condition, never for a length of time.

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// Between two looks.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// Looks until `look` finds something.
///
/// # Panics
/// After `limit`, naming what was waited for.
pub fn until<T>(what: &str, limit: Duration, look: impl FnMut() -> Option<T>) -> T {
    within(limit, look).unwrap_or_else(|| panic!("not seen within {} ms: {what}", limit.as_millis()))
}

/// As [`until`]; None after `limit`.
pub fn within<T>(limit: Duration, mut look: impl FnMut() -> Option<T>) -> Option<T> {
    let started = Instant::now();
    loop {
        if let Some(found) = look() {
            return Some(found);
        }
        if started.elapsed() >= limit {
            return None;
        }
        pause(LOOK_EVERY);
    }
}

/// Lets `duration` pass: for random moments of a cut, where no event can be waited for.
pub fn pause(duration: Duration) {
    let (_open, silent) = channel::<()>();
    assert_eq!(silent.recv_timeout(duration), Err(RecvTimeoutError::Timeout), "nobody speaks here");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_later_is_found_and_what_never_comes_is_not() {
        let mut looks = 0;
        let third = within(Duration::from_secs(5), || {
            looks += 1;
            (looks == 3).then_some(looks)
        });
        assert_eq!(third, Some(3));
        assert_eq!(within::<()>(Duration::from_millis(20), || None), None);
    }
}
