//! A small model of HQ as numbers, and the requests in flight.

use std::collections::BTreeMap;

use ledger::id::{Epoch, Hash, Shard};
use proptest::prelude::*;
use sync::engine::effect::{Attention, Effect};
use sync::engine::event::{
    Ack, Event, Fault, Greeting, HeadsNews, Judged, Loaded, Mended, Pulled, Standing, StreamFit,
};
use sync::engine::{Lane, Machine};
use sync::outbox::{Batch, Tail};
use sync::protocol::hello::Cursor;
use sync::protocol::problem::{Problem, ProblemCode};

pub const EPOCH: Epoch = Epoch(7);

/// What goes wrong, or not, with the next request.
#[derive(Clone, Copy, Debug)]
pub enum Luck {
    Good,
    /// HQ did it, the answer was lost.
    ReplyLost,
    Refused(ProblemCode),
    Unreachable,
    NotHq,
    TimedOut,
    /// Never answered at all.
    Hangs,
    /// A new sale meanwhile.
    Sale,
    Nudge,
    PauseAndResume,
}

pub fn luck() -> impl Strategy<Value = Luck> {
    use ProblemCode::*;
    prop_oneof![
        4 => Just(Luck::Good),
        3 => Just(Luck::ReplyLost),
        2 => prop::sample::select(vec![Gap, LogEpoch, Clock, Unauthorised, Fenced, TooLarge, Malformed, Overloaded, Internal])
            .prop_map(Luck::Refused),
        3 => Just(Luck::Unreachable),
        1 => Just(Luck::NotHq),
        1 => Just(Luck::TimedOut),
        1 => Just(Luck::Hangs),
        2 => Just(Luck::Sale),
        1 => Just(Luck::Nudge),
        1 => Just(Luck::PauseAndResume),
    ]
}

/// HQ as numbers, and the requests in flight.
pub struct World {
    pub machine: Machine,
    pub now_ms: u64,
    pub timer_ms: Option<u64>,
    pub in_flight: BTreeMap<Lane, Effect>,
    pub last_seq: u64,
    pub hq_received: u64,
    pub random: u64,
    pub attention: Option<Attention>,
    pub online: bool,
    pub pushes: u32,
    pub restarts: u32,
    /// What HQ asks for at `hello`.
    pub linger_ms: u64,
    pub start_delay_ms: u64,
}

impl World {
    pub fn new(last_seq: u64) -> Self {
        let mut world = World {
            machine: Machine::default(),
            now_ms: 1_000,
            timer_ms: None,
            in_flight: BTreeMap::new(),
            last_seq,
            hq_received: 0,
            random: 1,
            attention: None,
            online: false,
            pushes: 0,
            restarts: 0,
            linger_ms: 0,
            start_delay_ms: 0,
        };
        let standing = world.standing();
        world.step(Event::Start(standing));
        world
    }

    /// What is stored, as if nothing had been heard yet.
    pub fn standing(&self) -> Standing {
        let tail = Tail { epoch: EPOCH, last_seq: self.last_seq, received: 0, decided: 0, blocked: false };
        Standing {
            log_epoch: Some("log".to_owned()),
            tails: vec![tail],
            config_version: 1,
            ..Standing::default()
        }
    }

    pub fn step(&mut self, event: Event) {
        self.random =
            self.random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let effects = self.machine.step(self.now_ms, event, self.random >> 11);
        for effect in effects {
            let lane = match &effect {
                Effect::Restart => {
                    self.in_flight.clear();
                    self.restarts += 1;
                    let standing = self.standing();
                    self.step(Event::Start(standing));
                    continue;
                }
                Effect::SetTimer { at_ms } => {
                    assert!(*at_ms > self.now_ms, "a timer lies in the future");
                    self.timer_ms = Some(*at_ms);
                    continue;
                }
                Effect::Disconnect => {
                    self.in_flight.clear();
                    continue;
                }
                Effect::ReportOnline => {
                    self.online = true;
                    continue;
                }
                Effect::ReportOffline => {
                    self.online = false;
                    continue;
                }
                Effect::ReportAttention(attention) => {
                    self.attention.clone_from(attention);
                    continue;
                }
                request => request.lane().expect("everything else is a request"),
            };
            self.pushes += u32::from(lane == Lane::Push);
            let before = self.in_flight.insert(lane, effect);
            assert_eq!(before, None, "one {lane:?} at a time");
        }
    }

    /// Answers the request in `lane` well.
    pub fn answer(&mut self, lane: Lane) -> Event {
        match self.in_flight.remove(&lane).expect("asked only for lanes in flight") {
            Effect::Hello => Event::Welcome(self.greeting()),
            // HQ and till agreed after all, as in this model they always do.
            Effect::Mend(_) => {
                let tail = Tail { received: self.hq_received, ..self.standing().tails[0] };
                Event::Mended(Mended { tails: vec![tail], branched: false })
            }
            Effect::Push(batch) => Event::Acked(self.receive(batch)),
            Effect::Pull(cursors) => Event::Pulled(Pulled {
                cursors: cursors
                    .into_iter()
                    .map(|c| Cursor { lsn: self.hq_received, chain: Hash::of(b"x"), ..c })
                    .collect(),
            }),
            Effect::Verdicts { epoch, .. } => {
                Event::Judged(Judged { epoch, decided: self.hq_received, more: false })
            }
            Effect::Snapshot => {
                Event::SnapshotLoaded(Loaded { log_epoch: "log".to_owned(), pins: Vec::new() })
            }
            Effect::Config { .. } => Event::Configured { version: 2 },
            Effect::WaitFeed { after } => Event::HeadsChanged(HeadsNews {
                log_epoch: "log".to_owned(),
                version: after + 1,
                config_version: 2,
                heads: vec![(Shard(3), self.hq_received)],
            }),
            other => panic!("{other:?} is no request"),
        }
    }

    pub fn greeting(&self) -> Greeting {
        Greeting {
            log_epoch: "log".to_owned(),
            streams: vec![StreamFit {
                epoch: EPOCH,
                received: self.hq_received,
                decided: u64::MAX,
                forked_at: None,
            }],
            push_events_max: 200,
            push_bytes_max: 1 << 20,
            linger_ms: self.linger_ms,
            start_delay_ms: self.start_delay_ms,
            heads: vec![(Shard(3), self.hq_received)],
            config_version: 2,
            ..Greeting::default()
        }
    }

    pub fn receive(&mut self, batch: Batch) -> Ack {
        assert!(batch.after <= self.hq_received, "no gap");
        let sent = (batch.after + u64::from(batch.events_max)).min(self.last_seq);
        self.hq_received = self.hq_received.max(sent);
        Ack {
            epoch: batch.epoch,
            received: self.hq_received,
            decided: self.hq_received.saturating_sub(1),
            heads: vec![(Shard(3), self.hq_received)],
            events_max: 200,
            delay_ms: 0,
        }
    }

    pub fn fail(&mut self, lane: Lane, fault: Fault) {
        self.in_flight.remove(&lane);
        self.step(Event::Failed { lane, fault });
    }

    pub fn refuse(&mut self, lane: Lane, code: ProblemCode) {
        let problem = Problem {
            code,
            retryable: true,
            detail: String::new(),
            retry_after_ms: None,
            seq: Some(self.hq_received),
            hq_time: None,
        };
        self.fail(lane, Fault::Refused(problem));
    }

    pub fn suffer(&mut self, luck: Luck, pick: usize) {
        match luck {
            Luck::Sale => {
                self.last_seq += 1;
                return self.step(Event::NewLocalEvent { epoch: EPOCH, last_seq: self.last_seq });
            }
            Luck::Nudge => return self.step(Event::Nudge),
            Luck::PauseAndResume => {
                self.step(Event::Pause);
                assert!(self.in_flight.is_empty(), "nothing is in flight while paused");
                return self.step(Event::Resume);
            }
            _ => {}
        }
        let lanes: Vec<Lane> = self.in_flight.keys().copied().collect();
        let Some(lane) = lanes.get(pick % lanes.len().max(1)).copied() else { return self.wait() };
        match luck {
            Luck::Good => {
                let event = self.answer(lane);
                self.step(event);
            }
            Luck::ReplyLost => {
                self.answer(lane);
                self.step(Event::Failed { lane, fault: Fault::Truncated });
            }
            Luck::Refused(code) => self.refuse(lane, code),
            Luck::Unreachable => self.fail(lane, Fault::Unreachable),
            Luck::NotHq => self.fail(lane, Fault::NotHq),
            Luck::TimedOut => self.fail(lane, Fault::TimedOut),
            _ => self.wait(),
        }
    }

    /// Time goes on to the timer.
    pub fn wait(&mut self) {
        if let Some(at_ms) = self.timer_ms.take() {
            self.now_ms = self.now_ms.max(at_ms);
        }
        self.step(Event::Timer);
    }

    pub fn drained(&self) -> bool {
        let tail = self.machine.outbox().tail(EPOCH).expect("the stream is known");
        self.hq_received == self.last_seq && tail.received == self.last_seq && tail.decided == self.last_seq
    }

    /// Everything succeeds from now on; each answer takes 10 ms.
    pub fn heal(&mut self) {
        for _ in 0..2_000 {
            if self.drained() && self.online {
                return;
            }
            self.now_ms += 10;
            let next = self.in_flight.keys().copied().find(|lane| *lane != Lane::Feed);
            if next.is_none() {
                // The feed beats every two seconds, unless something is due before.
                self.now_ms = (self.now_ms + 2_000).min(self.timer_ms.unwrap_or(u64::MAX).max(self.now_ms));
            }
            match next.or_else(|| self.in_flight.keys().next().copied()) {
                Some(lane) => {
                    let event = self.answer(lane);
                    self.step(event);
                }
                None => self.wait(),
            }
        }
        panic!("not drained: {:?}", self.machine);
    }
}
