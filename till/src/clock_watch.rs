//! Notices a wall clock that was set back. It warns and leaves a fact; it never blocks a sale.

use ledger::event::Boot;
use ledger::time::{MINUTE_MS, Timestamp};

use crate::session::ClockMemory;

/// Smaller steps are what time services do all day.
pub const TOLERANCE_MS: i64 = 2 * MINUTE_MS;

/// Wall clock minus the clock expected from the last fact, ms, when it was set back too far.
pub fn set_back_ms(memory: ClockMemory, now: Timestamp, mono_ms: u64, boot: Boot) -> Option<i64> {
    let last = memory.wall?;
    // Across a restart the time in between is unknown, but it was not negative.
    let passed = if memory.boot == boot { mono_ms.saturating_sub(memory.mono_ms) } else { 0 };
    let expected = last.plus_ms(i64::try_from(passed).unwrap_or(i64::MAX));
    let jump = now.since(expected);
    (jump < -TOLERANCE_MS).then_some(jump)
}

/// The memory after a fact at `now`.
pub fn remembered(memory: ClockMemory, now: Timestamp, mono_ms: u64, boot: Boot) -> ClockMemory {
    ClockMemory { wall: Some(now), mono_ms, boot, high: memory.high.max(Some(now)) }
}

/// The clock is still behind what it said before.
pub fn is_suspect(memory: ClockMemory, now: Timestamp) -> bool {
    memory.high.is_some_and(|high| now.since(high) < -TOLERANCE_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_set_back_a_day_is_noticed_and_suspect_until_it_catches_up() {
        let boot = Boot(1);
        let noon = Timestamp(1_700_000_000_000);
        let memory = remembered(ClockMemory::default(), noon, 1_000, boot);
        let yesterday = noon.plus_ms(-24 * 60 * MINUTE_MS);
        assert_eq!(set_back_ms(memory, yesterday, 1_000, boot), Some(-24 * 60 * MINUTE_MS));
        let after = remembered(memory, yesterday, 1_000, boot);
        assert_eq!(set_back_ms(after, yesterday.plus_ms(5), 1_005, boot), None);
        assert!(is_suspect(after, yesterday));
        assert!(!is_suspect(after, noon));
    }

    #[test]
    fn within_one_start_the_time_that_passed_counts() {
        let boot = Boot(1);
        let noon = Timestamp(1_700_000_000_000);
        let memory = remembered(ClockMemory::default(), noon, 0, boot);
        let hour = 60 * MINUTE_MS;
        assert_eq!(set_back_ms(memory, noon, 3_600_000, boot), Some(-hour));
        assert_eq!(set_back_ms(memory, noon, 3_600_000, Boot(2)), None);
    }
}
