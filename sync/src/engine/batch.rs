//! How many events one push carries: grows by addition while HQ is quick, halves when it is not.

pub const BATCH_START: u32 = 50;
pub const BATCH_MAX: u32 = 1_000;
/// Lines of one push together, however many HQ would take.
pub const BYTES_MAX: u32 = 1 << 20;
/// An answer within this time counts as quick, ms.
const QUICK_MS: u64 = 300;
const STEP: u32 = 50;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BatchSize {
    events_max: u32,
    /// HQ's own limits.
    limit: u32,
    bytes_limit: u32,
}

impl Default for BatchSize {
    fn default() -> Self {
        Self { events_max: BATCH_START, limit: BATCH_MAX, bytes_limit: BYTES_MAX }
    }
}

impl BatchSize {
    pub fn events_max(&self) -> u32 {
        self.events_max.min(self.limit).max(1)
    }

    pub fn bytes_max(&self) -> u32 {
        self.bytes_limit
    }

    /// How many bytes HQ takes at once.
    pub fn limit_bytes(&mut self, bytes_max: u32) {
        self.bytes_limit = bytes_max.clamp(1, BYTES_MAX);
    }

    pub fn limit(&mut self, events_max: u32) {
        self.limit = events_max.clamp(1, BATCH_MAX);
    }

    pub fn answered(&mut self, took_ms: u64) {
        if took_ms <= QUICK_MS {
            self.events_max = (self.events_max + STEP).min(BATCH_MAX);
        } else {
            self.halve();
        }
    }

    pub fn halve(&mut self) {
        self.events_max = (self.events_max() / 2).max(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_grow_by_addition_and_shrink_by_half() {
        let mut batch = BatchSize::default();
        for want in [100, 150, 200] {
            batch.answered(20);
            assert_eq!(batch.events_max(), want);
        }
        batch.answered(2_000);
        assert_eq!(batch.events_max(), 100);
        for _ in 0..100 {
            batch.answered(1);
        }
        assert_eq!(batch.events_max(), BATCH_MAX);
    }

    #[test]
    fn a_batch_is_never_empty_and_never_above_the_limit_of_hq() {
        let mut batch = BatchSize::default();
        batch.limit(20);
        assert_eq!(batch.events_max(), 20);
        for _ in 0..20 {
            batch.halve();
        }
        assert_eq!(batch.events_max(), 1);
    }
}
