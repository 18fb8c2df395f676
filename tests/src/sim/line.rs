//! The lines between tills and headquarters: how long a message travels, and what is left of it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sync::engine::{Fault as LineFault, Lane};

use super::post::{Ask, Refusal, Reply};
use super::swarm::{Fault, Swarm};
use crate::chance::Chance;

const SECOND_MS: i64 = 1_000;
const HOUR_MS: i64 = 3_600_000;

/// How a till's line stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Open,
    /// Refused at once.
    Down,
    /// Nothing comes back, ever.
    Black,
    /// Requests arrive, answers do not.
    Mute,
}

/// Every till's line. Clones are the same lines.
#[derive(Clone)]
pub struct Lines(Arc<Mutex<Vec<Way>>>);

impl Lines {
    pub fn new(tills: usize) -> Self {
        Lines(Arc::new(Mutex::new(vec![Way::Open; tills])))
    }

    /// A machine more.
    pub fn add(&self) {
        self.ways().push(Way::Open);
    }

    pub fn way(&self, till: usize) -> Way {
        self.ways()[till]
    }

    pub fn set(&self, till: usize, way: Way) {
        self.ways()[till] = way;
    }

    pub fn open_all(&self) {
        self.ways().fill(Way::Open);
    }

    fn ways(&self) -> MutexGuard<'_, Vec<Way>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Journeys of one request: none when it is lost, two when it comes twice.
pub fn journeys(swarm: &Swarm, chance: &mut Chance, ask: &Ask) -> Vec<i64> {
    if chance.odds(swarm.rate(Fault::LoseAsk)) {
        return Vec::new();
    }
    let mut all = vec![journey(swarm, chance)];
    if !matches!(ask, Ask::Feed { .. }) && chance.odds(swarm.rate(Fault::Duplicate)) {
        all.push(journey(swarm, chance) + chance.between(0, 20 * SECOND_MS));
    }
    all
}

fn journey(swarm: &Swarm, chance: &mut Chance) -> i64 {
    let usual = chance.between(2, 60);
    if chance.odds(swarm.rate(Fault::LongDelay)) {
        return chance.between(60 * SECOND_MS, 48 * HOUR_MS);
    }
    if chance.odds(swarm.rate(Fault::Delay)) {
        return usual + chance.between(100, 15 * SECOND_MS);
    }
    usual
}

/// An answer's way home; None when it is lost.
pub fn journey_back(swarm: &Swarm, chance: &mut Chance, mut reply: Reply) -> Option<(i64, Reply)> {
    if chance.odds(swarm.rate(Fault::LoseAnswer)) {
        return None;
    }
    let in_ms = journey(swarm, chance);
    let feed = reply.to.lane == Lane::Feed;
    if let Ok(body) = &mut reply.body
        && !feed
    {
        if chance.odds(swarm.rate(Fault::Truncate)) {
            let kept = chance.below(body.len() as u64);
            body.truncate(usize::try_from(kept).unwrap_or(0));
            // Nothing at all would be an answer of its own to a question for news.
            if body.is_empty() {
                body.push(b'{');
            }
        } else if chance.odds(swarm.rate(Fault::Html)) {
            reply.hq_time = None;
            *body = b"<html><body>Please sign in to this network</body></html>".to_vec();
        }
    }
    if chance.odds(swarm.rate(Fault::BadGateway)) {
        reply.hq_time = None;
        reply.body = Err(Refusal::Line(LineFault::Unreachable));
    }
    Some((in_ms, reply))
}
