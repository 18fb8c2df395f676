//! What this till believes about HQ's clock. Every answer carries HQ's time; the wall clock is only a
//! base to add to, so it may be wrong by years.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use ledger::time::Timestamp;

/// Reads the till's wall clock.
#[derive(Clone)]
pub struct Wall(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Wall {
    pub fn new(read: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Wall(Arc::new(read))
    }

    pub fn now(&self) -> Timestamp {
        (self.0)()
    }
}

impl fmt::Debug for Wall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wall(..)")
    }
}

/// HQ's time minus the wall clock, and how wrong that may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offset {
    pub hq_off_ms: i64,
    pub hq_unc_ms: u64,
}

/// HQ's clock as seen from here; clones share it.
#[derive(Clone, Debug)]
pub struct HqClock {
    wall: Wall,
    offset: Arc<Mutex<Option<Offset>>>,
}

impl HqClock {
    /// `known` is the offset of an earlier run, if there was one.
    pub fn new(wall: Wall, known: Option<Offset>) -> Self {
        Self { wall, offset: Arc::new(Mutex::new(known)) }
    }

    pub fn wall(&self) -> Timestamp {
        self.wall.now()
    }

    /// Best estimate of HQ's time now.
    pub fn now(&self) -> Timestamp {
        self.wall.now().plus_ms(self.offset().map_or(0, |o| o.hq_off_ms))
    }

    pub fn offset(&self) -> Option<Offset> {
        *self.offset.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// HQ said `hq_time` in an answer to a request sent at `sent` of the wall clock: it was said half
    /// the way back, give or take that half.
    pub fn heard(&self, hq_time: Timestamp, sent: Timestamp) {
        let now = self.wall.now();
        let round_trip_ms = now.since(sent).max(0);
        let middle = now.plus_ms(-round_trip_ms / 2);
        let offset =
            Offset { hq_off_ms: hq_time.since(middle), hq_unc_ms: (round_trip_ms / 2).unsigned_abs() + 1 };
        *self.offset.lock().unwrap_or_else(PoisonError::into_inner) = Some(offset);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_till_whose_clock_is_a_day_behind_still_knows_hqs_time() {
        let clock = HqClock::new(Wall::new(|| Timestamp(1_000_000)), None);
        clock.heard(Timestamp(87_400_100), Timestamp(999_800));
        assert_eq!(clock.offset(), Some(Offset { hq_off_ms: 86_400_200, hq_unc_ms: 101 }));
        assert_eq!(clock.now(), Timestamp(87_400_200));
    }
}
