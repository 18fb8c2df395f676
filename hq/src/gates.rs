//! How much of each kind of request is let in at once. When headquarters is full, the less urgent kinds are
//! sent away first, with a time to come back; nothing waits without end.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ledger::id::{Hash, TerminalId};
use ledger::time::Timestamp;
use sync::protocol::problem::{Problem, ProblemCode};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::error::{ApiError, ApiResult, problem};

/// Kinds of requests, the most urgent first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// A customer waits: authorisations and lookups.
    Authorise,
    /// A few new sales.
    PushLive,
    /// Entries down.
    Feed,
    /// A long queue.
    PushCatchUp,
    Snapshot,
    Digest,
}

/// Let in at once, longest wait at the gate, and when to come back.
struct Limit {
    at_once: usize,
    wait: Duration,
    retry_after_ms: u64,
}

const fn limit(at_once: usize, wait_ms: u64, retry_after_ms: u64) -> Limit {
    Limit { at_once, wait: Duration::from_millis(wait_ms), retry_after_ms }
}

const LIMITS: [Limit; 6] = [
    limit(64, 5_000, 200),
    limit(48, 5_000, 1_000),
    limit(24, 4_000, 2_000),
    limit(8, 3_000, 5_000),
    limit(4, 10_000, 15_000),
    limit(2, 1_000, 30_000),
];

/// Hellos within this time count as one return after an outage, ms.
const STORM_WINDOW_MS: i64 = 10_000;
/// So many of them, and those with much to do begin one after the other.
const STORM_HELLOS: usize = 200;
/// The last of them begins after this long.
const SPREAD_MS: u32 = 60_000;

pub struct Gates {
    doors: [Arc<Semaphore>; 6],
    hellos: Mutex<VecDeque<Timestamp>>,
}

impl Default for Gates {
    fn default() -> Self {
        Gates {
            doors: LIMITS.each_ref().map(|limit| Arc::new(Semaphore::new(limit.at_once))),
            hellos: Mutex::default(),
        }
    }
}

impl Gates {
    /// Waits for room; held as long as the request is worked on.
    ///
    /// # Errors
    /// `overloaded` when there is none in time, or at once when more urgent ones are waiting.
    pub async fn enter(&self, class: Class) -> ApiResult<OwnedSemaphorePermit> {
        let (own, more_urgent) = (class as usize, &self.doors[..class as usize]);
        if more_urgent.iter().any(|door| door.available_permits() == 0) {
            return Err(full(class));
        }
        match timeout(LIMITS[own].wait, self.doors[own].clone().acquire_owned()).await {
            Ok(Ok(permit)) => Ok(permit),
            _ => Err(full(class)),
        }
    }

    /// A till says hello: how long it should wait before it catches up, ms. 0 on a quiet day; in a storm
    /// every till has a place of its own.
    pub fn start_delay_ms(&self, now: Timestamp, terminal: TerminalId) -> u32 {
        let mut hellos = self.hellos.lock().unwrap_or_else(PoisonError::into_inner);
        while hellos.front().is_some_and(|at| now.since(*at) > STORM_WINDOW_MS) {
            hellos.pop_front();
        }
        hellos.push_back(now);
        if hellos.len() <= STORM_HELLOS {
            return 0;
        }
        let place = Hash::of(format!("{terminal}:{}", now.millis() / STORM_WINDOW_MS).as_bytes()).0;
        u32::from_le_bytes([place[0], place[1], place[2], place[3]]) % SPREAD_MS
    }
}

fn full(class: Class) -> ApiError {
    let retry_after_ms = Some(LIMITS[class as usize].retry_after_ms);
    ApiError::Wire(Problem {
        retry_after_ms,
        ..problem(ProblemCode::Overloaded, "headquarters is busy with more urgent things")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_full_house_sends_the_less_urgent_away_and_lets_the_urgent_in() {
        let gates = Gates::default();
        let mut inside = Vec::new();
        for _ in 0..LIMITS[Class::PushLive as usize].at_once {
            inside.push(gates.enter(Class::PushLive).await.expect("there is room"));
        }
        let away = |outcome: ApiResult<OwnedSemaphorePermit>| match outcome {
            Err(ApiError::Wire(no)) => (no.code, no.retry_after_ms.is_some()),
            _ => panic!("it was let in"),
        };
        assert_eq!(away(gates.enter(Class::PushCatchUp).await), (ProblemCode::Overloaded, true));
        assert!(gates.enter(Class::Authorise).await.is_ok());
        inside.clear();
        assert!(gates.enter(Class::PushCatchUp).await.is_ok());
    }

    #[test]
    fn only_a_storm_spreads_those_who_return() {
        let gates = Gates::default();
        let start = Timestamp(1_000_000);
        let delays: Vec<u32> = (0..1_000).map(|n| gates.start_delay_ms(start, TerminalId(n))).collect();
        assert!(delays[..STORM_HELLOS].iter().all(|delay| *delay == 0));
        assert!(delays[STORM_HELLOS..].iter().any(|delay| *delay > 30_000));
        assert!(delays.iter().all(|delay| *delay < SPREAD_MS));
        assert_eq!(gates.start_delay_ms(start.plus_ms(60_000), TerminalId(1)), 0, "the next day");
    }
}
