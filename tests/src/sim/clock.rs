//! Simulated time: one truth, and what each till makes of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use ledger::time::Timestamp;
use till::clock::Clock;

/// 2026-03-02 09:00 in Shanghai: every seed begins on the same morning.
pub const MORNING_MS: i64 = 1_772_413_200_000;

/// The true time, ms since 1970; headquarters' clock shows it. Clones share it.
#[derive(Clone, Debug)]
pub struct Truth(Arc<AtomicI64>);

impl Truth {
    pub fn at(now_ms: i64) -> Self {
        Truth(Arc::new(AtomicI64::new(now_ms)))
    }

    pub fn now_ms(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }

    /// Time never goes back.
    pub fn advance_to(&self, at_ms: i64) {
        self.0.fetch_max(at_ms, Ordering::Relaxed);
    }

    /// The hands, for a clock that shows the truth.
    pub fn hands(&self) -> Arc<AtomicI64> {
        Arc::clone(&self.0)
    }
}

/// A till's wall clock: off by an amount that people and batteries change, and drifting.
#[derive(Debug)]
pub struct Wall {
    truth: Truth,
    skew_ms: AtomicI64,
    /// Millionths that this clock is too fast.
    drift_ppm: AtomicI64,
    /// True time when the program started; its steady counter counts from here.
    started_ms: AtomicI64,
}

impl Wall {
    pub fn new(truth: &Truth) -> Arc<Self> {
        let started_ms = AtomicI64::new(truth.now_ms());
        Arc::new(Wall {
            truth: truth.clone(),
            skew_ms: AtomicI64::new(0),
            drift_ppm: AtomicI64::new(0),
            started_ms,
        })
    }

    /// Somebody sets the clock; it is off by `ms` from now on.
    pub fn set_skew(&self, ms: i64) {
        self.skew_ms.store(ms, Ordering::Relaxed);
    }

    /// The clock runs too fast by so many millionths; too slow below zero.
    pub fn set_drift(&self, ppm: i64) {
        self.drift_ppm.store(ppm, Ordering::Relaxed);
    }

    /// The program starts anew: its counter begins at zero.
    pub fn start(&self) {
        self.started_ms.store(self.truth.now_ms(), Ordering::Relaxed);
    }

    fn drifted_ms(&self) -> i64 {
        (self.truth.now_ms() - MORNING_MS) / 1_000 * self.drift_ppm.load(Ordering::Relaxed) / 1_000
    }
}

impl Clock for Wall {
    fn now(&self) -> Timestamp {
        let skew_ms = self.skew_ms.load(Ordering::Relaxed);
        Timestamp(self.truth.now_ms() + skew_ms + self.drifted_ms())
    }

    fn mono_ms(&self) -> u64 {
        let since_ms = self.truth.now_ms() - self.started_ms.load(Ordering::Relaxed);
        since_ms.max(0).unsigned_abs()
    }
}
