//! A headquarters in memory: receives, decides, feeds.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use ledger::event::Event;
use ledger::id::{Anchor, Epoch, EventKey, Hash, MemberId, Shard, TerminalId};
use ledger::member::MemberState;
use ledger::posting::{Account, Unit};
use ledger::programme::{BurnRule, OfflineRule, Programme};
use ledger::time::Zone;
use sync::client::transport::Push;
use sync::engine::Fault;
use sync::protocol::config::{Config, ConsentText, StoreConfig};
use sync::protocol::entry::{Cause, Effect, Entry, chain};
use sync::protocol::hello::Cursor;
use sync::protocol::problem::{Problem, ProblemCode};
use sync::protocol::pull::Frame;
use sync::protocol::push::{Outcome, Pace, PushAck, Verdict};
use sync::protocol::snapshot::{MemberRow, SnapshotHead, SnapshotRow};
use sync::store::fold::FrameLines;
use tokio::sync::watch;

use super::shop::NOW;

pub const LOG: &str = "log-1";

#[derive(Clone)]
pub struct Hq {
    state: Arc<Mutex<Books>>,
    pub version: Arc<watch::Sender<u64>>,
}

#[derive(Default)]
pub struct Books {
    pub events: BTreeMap<(TerminalId, Epoch), Vec<(Hash, Outcome)>>,
    pub log: BTreeMap<Shard, Vec<(String, Hash)>>,
    pub points: BTreeMap<MemberId, i64>,
    pub members: Vec<MemberId>,
    /// Epochs for tills that branch.
    pub epochs_given: u64,
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

    pub fn receive(&self, push: &Push) -> Result<PushAck, Fault> {
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
        // What was recovered is decided as what it was.
        for leg in &event.clone().unwrapped().head.legs {
            if let Account::Member(id) = leg.account {
                let points = self.points.entry(id).or_default();
                *points += leg.delta;
                effects.push(Effect::Post {
                    account: leg.account.clone(),
                    unit: Unit::Points,
                    delta: leg.delta,
                    balance_after: *points,
                    named: None,
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
            persons: std::collections::BTreeMap::new(),
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
                from_chain: None,
                left_out: Vec::new(),
                existence: Vec::new(),
                persons: Vec::new(),
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
            members_of: None,
            counted: Vec::new(),
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

pub fn refused(code: ProblemCode, seq: u64) -> Fault {
    Fault::Refused(Problem {
        code,
        retryable: true,
        detail: String::new(),
        retry_after_ms: None,
        seq: Some(seq),
        hq_time: None,
    })
}

pub fn config() -> Config {
    Config {
        version: 3,
        store: StoreConfig {
            id: "S001".into(),
            name: "一店".into(),
            address: String::new(),
            phone: String::new(),
            zone: Zone::CHINA,
            receipt_footer: Vec::new(),
            scan_rules: None,
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
            offline: OfflineRule { points_max: ledger::points::Points(500), ..OfflineRule::default() },
            balance: ledger::programme::BalanceRule::default(),
        },
        consent: ConsentText { version: 1, text: String::new() },
        items: Vec::new(),
        receipt_template: None,
    }
}

/// The shard that decides about a member.
pub fn shard_of(id: MemberId) -> Shard {
    Anchor::from(id).shard()
}
