//! A headquarters in memory: receives, decides, feeds; and a line to it that can be as bad as it gets.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ledger::event::Event;
use ledger::id::{Anchor, Epoch, EventKey, Hash, MemberId, Shard, TerminalId};
use ledger::member::MemberState;
use ledger::posting::{Account, Unit};
use ledger::programme::{BurnRule, OfflineRule, Programme};
use ledger::time::Zone;
use sync::client::transport::{Pull, Push, SnapshotSink};
use sync::client::{HqClock, Transport, Wall};
use sync::engine::Fault;
use sync::protocol::config::{Config, ConsentText, StoreConfig};
use sync::protocol::entry::{Cause, Effect, Entry, chain};
use sync::protocol::hello::{Cursor, Hello, KnownStream, Limits, Welcome};
use sync::protocol::problem::{Problem, ProblemCode};
use sync::protocol::pull::{Frame, Heads, PullHead, PullRequest};
use sync::protocol::push::{Outcome, Pace, PushAck, Verdict, VerdictsAnswer, VerdictsRequest};
use sync::protocol::snapshot::{MemberRow, SnapshotHead, SnapshotRow};
use sync::store::fold::FrameLines;
use tokio::sync::watch;

use super::shop::NOW;

pub const LOG: &str = "log-1";

#[derive(Clone)]
pub struct Hq {
    state: Arc<Mutex<Books>>,
    version: Arc<watch::Sender<u64>>,
}

#[derive(Default)]
pub struct Books {
    pub events: BTreeMap<(TerminalId, Epoch), Vec<(Hash, Outcome)>>,
    pub log: BTreeMap<Shard, Vec<(String, Hash)>>,
    pub points: BTreeMap<MemberId, i64>,
    pub members: Vec<MemberId>,
}

impl Hq {
    /// Members with 100 points each.
    pub fn new(members: &[MemberId]) -> Self {
        let books = Books {
            members: members.to_vec(),
            points: members.iter().map(|m| (*m, 100)).collect(),
            ..Books::default()
        };
        Hq { state: Arc::new(Mutex::new(books)), version: Arc::new(watch::Sender::new(0)) }
    }

    pub fn books<R>(&self, f: impl FnOnce(&mut Books) -> R) -> R {
        f(&mut self.state.lock().unwrap())
    }

    fn receive(&self, push: &Push) -> Result<PushAck, Fault> {
        let ack = self.books(|books| books.receive(push))?;
        self.version.send_modify(|v| *v += 1);
        Ok(ack)
    }
}

impl Books {
    fn receive(&mut self, push: &Push) -> Result<PushAck, Fault> {
        let stream = (push.head.terminal, push.head.epoch);
        let known = self.events.entry(stream).or_default().len() as u64;
        if push.head.first_seq > known + 1 {
            return Err(refused(ProblemCode::Gap, known));
        }
        for (seq, line) in (push.head.first_seq..).zip(&push.lines) {
            let hash = Hash::of(line.as_bytes());
            match self.events[&stream].get(seq as usize - 1) {
                Some((had, _)) if *had != hash => return Err(refused(ProblemCode::Fork, seq)),
                Some(_) => {}
                None => {
                    let outcome = self.decide(&Event::parse(line).unwrap());
                    self.events.get_mut(&stream).unwrap().push((hash, outcome));
                }
            }
        }
        let all = &self.events[&stream];
        let outcomes = all.iter().skip(push.head.first_seq as usize - 1).map(|(_, o)| o.clone()).collect();
        let through = all.len() as u64;
        Ok(PushAck {
            received_through: through,
            hash: all.last().map_or(Hash::ZERO, |(hash, _)| *hash),
            decided_through: through,
            stable_through: 0,
            outcomes,
            next: Pace { events_max: 200, delay_ms: 0 },
        })
    }

    fn decide(&mut self, event: &Event) -> Outcome {
        let shard = event.head.anchor.shard();
        let mut effects = Vec::new();
        for leg in &event.head.legs {
            if let Account::Member(id) = leg.account {
                let points = self.points.entry(id).or_default();
                *points += leg.delta;
                effects.push(Effect::Post {
                    account: leg.account.clone(),
                    unit: Unit::Points,
                    delta: leg.delta,
                    balance_after: *points,
                });
            }
        }
        let lsn = self.append(shard, Cause::Event(event.key()), effects);
        Outcome { seq: event.head.seq, verdict: Verdict::Applied, code: "ok".into(), shard, lsn, case: None }
    }

    pub fn append(&mut self, shard: Shard, cause: Cause, effects: Vec<Effect>) -> u64 {
        let log = self.log.entry(shard).or_default();
        let lsn = log.len() as u64 + 1;
        let entry = Entry {
            shard,
            lsn,
            t_hq: NOW,
            cause,
            verdict: Verdict::Applied,
            code: "ok".into(),
            case: None,
            effects,
        };
        self.append_line(shard, serde_json::to_string(&entry).unwrap())
    }

    pub fn append_line(&mut self, shard: Shard, line: String) -> u64 {
        let log = self.log.entry(shard).or_default();
        let before = log.last().map_or(Hash::ZERO, |(_, chain)| *chain);
        let after = chain(&before, &line);
        log.push((line, after));
        log.len() as u64
    }

    pub fn pins(&self) -> Vec<Cursor> {
        self.log
            .iter()
            .map(|(shard, log)| Cursor {
                shard: *shard,
                lsn: log.len() as u64,
                chain: log.last().map_or(Hash::ZERO, |(_, chain)| *chain),
            })
            .collect()
    }

    pub fn frame(&self, cursor: &Cursor, entries_max: usize) -> Option<FrameLines> {
        let log = self.log.get(&cursor.shard)?;
        let from = (cursor.lsn as usize).min(log.len());
        let part = &log[from..log.len().min(from + entries_max)];
        let (_, to_chain) = part.last()?;
        Some(FrameLines {
            frame: Frame {
                shard: cursor.shard,
                from_lsn: cursor.lsn,
                to_lsn: cursor.lsn + part.len() as u64,
                to_chain: *to_chain,
                count: part.len() as u32,
            },
            entries: part.iter().map(|(line, _)| line.clone()).collect(),
        })
    }

    pub fn snapshot(&self) -> Vec<String> {
        let head = SnapshotHead {
            log_epoch: LOG.into(),
            hq_time: NOW,
            pins: self.pins(),
            members: self.members.len() as u64,
            coupons: 0,
        };
        let rows = self.members.iter().map(|id| SnapshotRow::M {
            member: member_row(*id),
            points: self.points[id],
            quota: 40,
        });
        let end = SnapshotRow::End { rows: self.members.len() as u64 };
        std::iter::once(serde_json::to_string(&head).unwrap())
            .chain(rows.chain([end]).map(|row| serde_json::to_string(&row).unwrap()))
            .collect()
    }

    /// Every event once, whatever the line did.
    pub fn keys(&self) -> Vec<EventKey> {
        let events =
            self.log.values().flatten().map(|(line, _)| serde_json::from_str::<Entry>(line).unwrap());
        events.filter_map(|e| if let Cause::Event(key) = e.cause { Some(key) } else { None }).collect()
    }
}

pub fn member_row(id: MemberId) -> MemberRow {
    MemberRow {
        id,
        card_no: ledger::member::card_no(u32::from(id.bytes()[0])),
        phone_hash: Hash::of(&id.bytes()),
        phone_mask: "138****1234".into(),
        name: "王*梅".into(),
        tier: "gold".into(),
        state: MemberState::Active,
        home_store: "S001".into(),
        joined_at: NOW,
    }
}

fn refused(code: ProblemCode, seq: u64) -> Fault {
    Fault::Refused(Problem {
        code,
        retryable: true,
        detail: String::new(),
        retry_after_ms: None,
        seq: Some(seq),
        hq_time: None,
    })
}

fn config() -> Config {
    Config {
        version: 3,
        store: StoreConfig {
            id: "S001".into(),
            name: "一店".into(),
            address: String::new(),
            phone: String::new(),
            zone: Zone::CHINA,
            receipt_footer: Vec::new(),
        },
        staff: Vec::new(),
        programme: Programme {
            version: 1,
            name: String::new(),
            tiers: Vec::new(),
            earn_fen_per_point: 100,
            burn: BurnRule {
                points_per_yuan: 100,
                share_max_permille: 500,
                points_min: ledger::points::Points(1),
            },
            offline: OfflineRule { points_max: ledger::points::Points(500), in_a_row_max: 2 },
        },
        consent: ConsentText { version: 1, text: String::new() },
        items: Vec::new(),
    }
}

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
                    let (decided, stable) = (received, 0);
                    Some(KnownStream { epoch: held.epoch, received, hash_at_received, decided, stable })
                });
                Ok(Welcome {
                    log_epoch: LOG.into(),
                    hq_time: NOW,
                    min_proto: 1,
                    streams: streams.collect(),
                    actions: Vec::new(),
                    limits: Limits { push_events_max: 200, push_bytes_max: 1 << 20, linger_ms: 0 },
                    heads: books.pins().iter().map(|pin| (pin.shard, pin.lsn)).collect(),
                    config_version: 3,
                })
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
        let piece = |part: &[String]| part.to_vec();
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

/// The shard that decides about a member.
pub fn shard_of(id: MemberId) -> Shard {
    Anchor::from(id).shard()
}
