//! A line to the headquarters in memory that can be as bad as it gets.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use ledger::id::{Epoch, Hash, TerminalId};
use sync::client::transport::{Piece, Pull, Push, SnapshotSink};
use sync::client::{HqClock, Transport, Wall};
use sync::engine::Fault;
use sync::protocol::config::Config;
use sync::protocol::hello::{
    BranchAnswer, BranchRequest, HashesAnswer, HashesRequest, Hello, KnownStream, Limits, Welcome,
};
use sync::protocol::problem::ProblemCode;
use sync::protocol::pull::{Heads, PullHead, PullRequest};
use sync::protocol::push::{Outcome, PushAck, VerdictsAnswer, VerdictsRequest};
use sync::store::fold::FrameLines;

use super::hq::{Hq, LOG, config, refused};
use super::shop::NOW;

/// What the line does to requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weather {
    Calm,
    Cut,
    /// A captive portal answers everything.
    Portal,
    /// Anything may happen to any request; the number is the seed's state.
    Storm(u64),
}

/// One till's line to HQ.
#[derive(Clone)]
pub struct Line {
    pub hq: Hq,
    pub terminal: TerminalId,
    pub weather: Arc<Mutex<Weather>>,
    clock: HqClock,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Luck {
    Good,
    Lost(u8),
    ReplyLost,
    Twice,
}

impl Line {
    pub fn new(hq: &Hq, terminal: TerminalId, weather: Weather) -> Self {
        let clock = HqClock::new(Wall::new(|| NOW), None);
        Line { hq: hq.clone(), terminal, weather: Arc::new(Mutex::new(weather)), clock }
    }

    pub fn turn(&self, weather: Weather) {
        *self.weather.lock().unwrap() = weather;
    }

    fn luck(&self) -> Result<Luck, Fault> {
        match &mut *self.weather.lock().unwrap() {
            Weather::Calm => Ok(Luck::Good),
            Weather::Cut => Err(Fault::Unreachable),
            Weather::Portal => Err(Fault::NotHq),
            Weather::Storm(state) => {
                *state =
                    state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                Ok(match (*state >> 33) % 10 {
                    0..4 => Luck::Good,
                    4..6 => Luck::ReplyLost,
                    6 => Luck::Twice,
                    n => Luck::Lost(n as u8),
                })
            }
        }
    }

    /// Does `f` as often as the weather wants, and answers as it lets.
    async fn through<R>(&self, f: impl Fn() -> Result<R, Fault>) -> Result<R, Fault> {
        tokio::time::sleep(Duration::from_millis(1)).await;
        match self.luck()? {
            Luck::Good => f(),
            Luck::Twice => f().and_then(|_| f()),
            Luck::ReplyLost => f().and(Err(Fault::Truncated)),
            Luck::Lost(7) => Err(Fault::TimedOut),
            Luck::Lost(8) => Err(refused(ProblemCode::Overloaded, 0)),
            Luck::Lost(_) => Err(Fault::Unreachable),
        }
    }
}

impl Transport for Line {
    async fn hello(&self, hello: &Hello) -> Result<Welcome, Fault> {
        self.through(|| {
            self.hq.books(|books| {
                let streams = hello.streams.iter().filter_map(|held| {
                    let known = books.events.get(&(self.terminal, held.epoch))?;
                    let received = known.len() as u64;
                    let hash_at_received = known.last().map_or(Hash::ZERO, |(hash, _)| *hash);
                    let hash_at_held = hash_of(known, held.max_seq);
                    let (decided, stable) = (received, 0);
                    let epoch = held.epoch;
                    Some(KnownStream { epoch, received, hash_at_received, hash_at_held, decided, stable })
                });
                Ok(Welcome {
                    log_epoch: LOG.into(),
                    hq_time: NOW,
                    min_proto: 1,
                    min_app: String::new(),
                    streams: streams.collect(),
                    actions: Vec::new(),
                    limits: Limits {
                        push_events_max: 200,
                        push_bytes_max: 1 << 20,
                        linger_ms: 0,
                        start_delay_ms: 0,
                        prev_left_out: false,
                    },
                    heads: books.pins().iter().map(|pin| (pin.shard, pin.lsn)).collect(),
                    config_version: 3,
                })
            })
        })
        .await
    }

    async fn hashes(&self, request: &HashesRequest) -> Result<HashesAnswer, Fault> {
        self.through(|| {
            self.hq.books(|books| {
                let known = books.events.get(&(self.terminal, request.epoch)).map_or(&[][..], Vec::as_slice);
                let hashes = request.seqs.iter().filter_map(|seq| Some((*seq, hash_of(known, *seq)?)));
                Ok(HashesAnswer { received: known.len() as u64, hashes: hashes.collect() })
            })
        })
        .await
    }

    async fn branch(&self, _request: &BranchRequest) -> Result<BranchAnswer, Fault> {
        self.through(|| {
            self.hq.books(|books| {
                books.epochs_given += 1;
                Ok(BranchAnswer { epoch: Epoch(100 + books.epochs_given) })
            })
        })
        .await
    }

    async fn push(&self, push: &Push) -> Result<PushAck, Fault> {
        self.through(|| self.hq.receive(push)).await
    }

    async fn pull(&self, request: &PullRequest) -> Result<Pull, Fault> {
        self.through(|| {
            self.hq.books(|books| {
                let mut frames: Vec<FrameLines> =
                    request.cursors.iter().filter_map(|c| books.frame(c, 3)).collect();
                if matches!(*self.weather.lock().unwrap(), Weather::Storm(_)) {
                    // Out of order and repeated: frames may come as they like.
                    frames.reverse();
                    frames.extend(frames.first().cloned());
                }
                let head = PullHead { hq_time: NOW, frames: frames.len() as u32, more: false };
                Ok(Pull { head, frames })
            })
        })
        .await
    }

    async fn verdicts(&self, request: &VerdictsRequest) -> Result<VerdictsAnswer, Fault> {
        self.through(|| {
            self.hq.books(|books| {
                let known = books.events.get(&(self.terminal, request.epoch)).map_or(&[][..], Vec::as_slice);
                let through = known.len() as u64;
                let outcomes = known
                    .iter()
                    .map(|(_, o)| o.clone())
                    .filter(|o| o.seq >= request.from_seq)
                    .take(2)
                    .collect::<Vec<_>>();
                let complete = outcomes.last().is_none_or(|o| o.seq == through);
                Ok(VerdictsAnswer {
                    received_through: through,
                    decided_through: through,
                    stable_through: 0,
                    outcomes,
                    complete,
                })
            })
        })
        .await
    }

    async fn config(&self, have: u64) -> Result<Option<Config>, Fault> {
        self.through(|| Ok((have < 3).then(config))).await
    }

    async fn snapshot(&self, sink: SnapshotSink) -> Result<(), Fault> {
        let lines = self.hq.books(|books| books.snapshot());
        let half = lines.len() / 2;
        let piece = |part: &[String]| Piece::Lines(part.to_vec());
        let _ = sink.send(piece(&lines[..half])).await;
        self.through(|| Ok(())).await?;
        let _ = sink.send(piece(&lines[half..])).await;
        Ok(())
    }

    async fn heads(&self, after: u64) -> Result<Heads, Fault> {
        let mut version = self.hq.version.subscribe();
        let beat = Duration::from_secs(2);
        // Elapsed means a heartbeat: nothing changed.
        let _ = tokio::time::timeout(beat, version.wait_for(|v| *v > after)).await;
        self.through(|| {
            Ok(Heads {
                hq_time: NOW,
                log_epoch: LOG.into(),
                version: *self.hq.version.borrow(),
                config_version: 3,
                heads: self.hq.books(|books| books.pins().iter().map(|p| (p.shard, p.lsn)).collect()),
            })
        })
        .await
    }

    fn reset(&self) {}

    fn clock(&self) -> &HqClock {
        &self.clock
    }
}

fn hash_of(known: &[(Hash, Outcome)], seq: u64) -> Option<Hash> {
    let index = usize::try_from(seq.checked_sub(1)?).ok()?;
    known.get(index).map(|(hash, _)| *hash)
}
