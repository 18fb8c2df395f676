//! Codes that come while a dialog is open wait for its end, a few and not for long.
use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

/// Most codes that wait; the next one is refused.
pub const WAITING_MAX: usize = 20;
/// A code that waited longer is not wanted any more.
pub const WAITING_LIFE: Duration = Duration::from_secs(10);

/// The waiting room. `T` is a code with its device.
#[derive(Debug)]
pub struct WaitingRoom<T> {
    is_closed: bool,
    waiting: VecDeque<(Instant, T)>,
}

impl<T> Default for WaitingRoom<T> {
    fn default() -> Self {
        Self { is_closed: false, waiting: VecDeque::new() }
    }
}

/// What became of a code.
#[derive(Debug, PartialEq, Eq)]
pub enum Admission<T> {
    /// To be handled now.
    Now(T),
    Waits,
    /// Too many wait; it is dropped and the person must hear so.
    Refused,
}

impl<T> WaitingRoom<T> {
    /// A dialog opened: codes wait from now on.
    pub fn close(&mut self) {
        self.is_closed = true;
    }

    /// The dialog is gone; answers the codes that are still wanted, oldest first.
    pub fn open(&mut self, now: Instant) -> Vec<T> {
        self.is_closed = false;
        let waiting = std::mem::take(&mut self.waiting).into_iter();
        let fresh = |(at, _): &(Instant, T)| now.saturating_duration_since(*at) < WAITING_LIFE;
        waiting.filter(fresh).map(|(_, code)| code).collect()
    }

    /// How many wait.
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// A code came.
    pub fn admit(&mut self, code: T, now: Instant) -> Admission<T> {
        if !self.is_closed {
            return Admission::Now(code);
        }
        self.waiting.retain(|(at, _)| now.saturating_duration_since(*at) < WAITING_LIFE);
        if self.waiting.len() >= WAITING_MAX {
            return Admission::Refused;
        }
        self.waiting.push_back((now, code));
        Admission::Waits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twenty_codes_wait_ten_seconds_and_come_out_in_order() {
        let (mut room, start) = (WaitingRoom::default(), Instant::now());
        assert_eq!(room.admit(0, start), Admission::Now(0));
        room.close();
        for code in 1..=WAITING_MAX {
            assert_eq!(
                room.admit(code, start + Duration::from_secs(u64::from(code > 5) * 4)),
                Admission::Waits
            );
        }
        assert_eq!(room.admit(99, start + Duration::from_secs(4)), Admission::Refused);
        assert_eq!(room.open(start + WAITING_LIFE), (6..=WAITING_MAX).collect::<Vec<_>>());
        assert_eq!(room.admit(7, start), Admission::Now(7));
    }
}
