//! Many seeds on every core: one seed is one thread's, so each is the same however many run beside it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use ledger::id::Hash;

use super::seed::{self, Outcome};

/// Every so many seeds one is run twice, and both traces must be equal.
const TWICE_EVERY: u64 = 100;

/// What many seeds came to.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    pub seeds: u64,
    pub violations: Vec<Outcome>,
    pub steps: u64,
    pub events: u64,
    /// Hash over every seed's trace, in the order of the seeds.
    pub trace: String,
    /// How many seeds had each fault.
    pub faults: BTreeMap<&'static str, u64>,
    /// How many seeds were about each theme.
    pub themes: BTreeMap<&'static str, u64>,
    /// How many seeds met each class of conflict.
    pub classes: BTreeMap<&'static str, u64>,
}

/// Runs `seeds` seeds from `first` on, and tells each outcome as it comes.
pub fn run(first: u64, seeds: u64, said: impl Fn(&Outcome) + Sync) -> Tally {
    let next = AtomicU64::new(first);
    let outcomes: Mutex<BTreeMap<u64, Outcome>> = Mutex::default();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= first + seeds {
                        return;
                    }
                    let outcome = checked(seed);
                    said(&outcome);
                    outcomes.lock().unwrap_or_else(PoisonError::into_inner).insert(seed, outcome);
                }
            });
        }
    });
    tally(outcomes.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// One seed; every hundredth twice.
fn checked(seed: u64) -> Outcome {
    let mut outcome = seed::run(seed, false);
    if outcome.violation.is_none() && seed.is_multiple_of(TWICE_EVERY) {
        let again = seed::run(seed, false);
        if again.trace != outcome.trace {
            outcome.violation = Some("determinism: two runs of the seed differ".to_owned());
        }
    }
    outcome
}

fn tally(outcomes: BTreeMap<u64, Outcome>) -> Tally {
    let mut tally = Tally::default();
    let mut chain = Hash::ZERO;
    for outcome in outcomes.into_values() {
        tally.seeds += 1;
        tally.steps += outcome.steps;
        tally.events += outcome.events as u64;
        chain = Hash::of(format!("{chain}{}", outcome.trace).as_bytes());
        for fault in &outcome.faults {
            *tally.faults.entry(fault).or_default() += 1;
        }
        *tally.themes.entry(outcome.theme).or_default() += 1;
        for class in &outcome.reached {
            *tally.classes.entry(class).or_default() += 1;
        }
        if outcome.violation.is_some() {
            tally.violations.push(outcome);
        }
    }
    tally.trace = chain.to_string()[..16].to_owned();
    tally
}
