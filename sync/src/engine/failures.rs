//! What each kind of failure changes: who waits, how long, and who must be told.

use crate::protocol::problem::{Problem, ProblemCode};

use super::backoff::WAIT_MAX_MS;
use super::effect::Attention;
use super::event::Fault;
use super::lane::Lane;
use super::machine::{Machine, Phase};

impl Machine {
    pub(super) fn failed(&mut self, now_ms: u64, lane: Lane, fault: &Fault) {
        if !self.lane(lane).is_in_flight() {
            return;
        }
        match fault {
            Fault::Refused(problem) => self.refused(now_ms, lane, problem),
            Fault::OtherLog => {
                self.greet_again();
                self.cool(now_ms, lane, None);
            }
            Fault::Local(detail) => {
                self.attend(Some(Attention::Storage { detail: detail.clone() }));
                self.cool(now_ms, lane, None);
            }
            _ => {
                self.go_offline();
                // Behind the next connection HQ may stand elsewhere: restarted, or restored.
                self.greet_again();
                if lane == Lane::Push {
                    self.batch.halve();
                }
                if fault.is_network() {
                    self.cool_in_the_dark(now_ms, lane);
                } else {
                    self.cool(now_ms, lane, None);
                }
            }
        }
    }

    fn refused(&mut self, now_ms: u64, lane: Lane, problem: &Problem) {
        match problem.code {
            ProblemCode::Gap => return self.gap(now_ms, lane, problem.seq.unwrap_or(0)),
            ProblemCode::Fork => return self.fork(now_ms, lane, problem.seq.unwrap_or(0)),
            ProblemCode::TooLarge => return self.too_large(now_ms, lane, problem),
            // The transport has already taken HQ's time from the answer: once, trying again is free.
            ProblemCode::Clock => return self.retry_once_at_once(now_ms, lane),
            _ => {}
        }
        self.go_offline();
        match problem.code {
            ProblemCode::LogEpoch => self.greet_again(),
            ProblemCode::Fenced => {
                self.attend(Some(Attention::Fenced));
                self.lane_mut(lane).cool(now_ms, WAIT_MAX_MS, false);
                return;
            }
            ProblemCode::Unauthorised => self.attend(Some(Attention::Unauthorised)),
            ProblemCode::Malformed => {
                self.attend(Some(Attention::Refused { detail: problem.detail.clone() }));
            }
            ProblemCode::Overloaded => self.batch.halve(),
            _ => {}
        }
        self.cool(now_ms, lane, problem.retry_after_ms);
    }

    /// What HQ and till hold must be compared anew before anything else.
    fn greet_again(&mut self) {
        if self.phase == Phase::Live {
            self.phase = Phase::Greeting;
        }
    }

    /// HQ lacks events that this till thought it had: push on from what HQ has.
    fn gap(&mut self, now_ms: u64, lane: Lane, hq_seq: u64) {
        let Some(epoch) = self.pushing.filter(|_| lane == Lane::Push) else {
            return self.cool(now_ms, lane, None);
        };
        let before = self.outbox.tail(epoch).map_or(0, |tail| tail.received);
        if !self.outbox.received(epoch, hq_seq) {
            self.part(Attention::RolledBack { epoch, hq_seq }, epoch);
        }
        if hq_seq == before {
            // It was pushed from exactly there: saying it again would go round for ever.
            return self.cool(now_ms, lane, None);
        }
        self.retry_once_at_once(now_ms, lane);
    }

    /// The stream rests until its events are wrapped anew; other streams go on.
    fn fork(&mut self, now_ms: u64, lane: Lane, seq: u64) {
        if let Some(epoch) = self.pushing.filter(|_| lane == Lane::Push) {
            self.part(Attention::Forked { epoch, seq }, epoch);
        }
        self.cool(now_ms, lane, None);
    }

    fn too_large(&mut self, now_ms: u64, lane: Lane, problem: &Problem) {
        if lane == Lane::Push && self.batch.events_max() > 1 {
            self.batch.halve();
            self.lane_mut(lane).cool(now_ms, 0, false);
            return;
        }
        self.attend(Some(Attention::Refused { detail: problem.detail.clone() }));
        self.lane_mut(lane).cool(now_ms, WAIT_MAX_MS, false);
    }

    fn retry_once_at_once(&mut self, now_ms: u64, lane: Lane) {
        let first = self.lane(lane).backoff.is_fresh();
        self.cool(now_ms, lane, None);
        if first {
            self.lane_mut(lane).cool(now_ms, 0, false);
        }
    }

    fn cool(&mut self, now_ms: u64, lane: Lane, retry_after_ms: Option<u64>) {
        let random = self.random;
        let state = self.lane_mut(lane);
        let wait_ms = state.backoff.next_ms(random, retry_after_ms);
        state.cool(now_ms, wait_ms, false);
    }

    fn cool_in_the_dark(&mut self, now_ms: u64, lane: Lane) {
        let (random, dark_ms) = (self.random, now_ms.saturating_sub(self.last_success_ms));
        let state = self.lane_mut(lane);
        let wait_ms = state.backoff.next_in_the_dark_ms(random, dark_ms);
        state.cool(now_ms, wait_ms, true);
    }
}
