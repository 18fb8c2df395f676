//! A client written by hand from docs/PROTOCOL.md: says what a till never would.

use std::time::{SystemTime, UNIX_EPOCH};

use ed25519_dalek::SigningKey;
use ledger::event::{Class, Clocks, ENVELOPE_VERSION, Event, EventLine, Head, SpendMode, genesis};
use ledger::fact::Fact;
use ledger::id::{Anchor, EventKey, Hash, Stream};
use ledger::time::{BusinessDay, Timestamp, Zone};
use serde::Serialize;
use sync::protocol::config::Config;
use sync::protocol::enrol::{EnrolAnswer, EnrolRequest};
use sync::protocol::hello::{HeldStream, Hello, Welcome};
use sync::protocol::problem::Problem;
use sync::protocol::push::{PushAck, PushHead};
use sync::protocol::signature::{
    NONCE_HEADER, SIGNATURE_HEADER, TERMINAL_HEADER, TIME_HEADER, encode, request_text, sign,
};
use sync::protocol::snapshot::{CouponRow, MemberRow, SnapshotRow};
use sync::protocol::{PROTOCOL, path};

use crate::chance::Chance;
use crate::http::{Ask, Http, Reply};

/// A status and what HQ said with it.
pub type Refusal = (u16, Problem);

/// What HQ believes of everybody.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    /// Row, points, quota of this terminal's store.
    pub members: Vec<(MemberRow, i64, i64)>,
    pub coupons: Vec<CouponRow>,
}

/// An enrolled terminal and its own history.
pub struct Terminal {
    http: Http,
    key: SigningKey,
    chance: Chance,
    pub told: EnrolAnswer,
    /// Everything it ever wrote, from sequence 1 on.
    pub lines: Vec<EventLine>,
}

/// The machine's clock.
pub fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
    Timestamp(i64::try_from(since).unwrap_or(i64::MAX))
}

impl Terminal {
    /// Enrols with a fresh key.
    ///
    /// # Errors
    /// HQ's refusal.
    pub fn enrol(url: &str, code: &str, seed: u64) -> Result<Terminal, Refusal> {
        let mut chance = Chance::seeded(seed);
        let key = SigningKey::from_bytes(&std::array::from_fn(|_| chance.below(256).to_le_bytes()[0]));
        let http = Http::to(url);
        let request = EnrolRequest {
            code: code.to_owned(),
            public_key: encode(&key.verifying_key().to_bytes()),
            app_version: env!("CARGO_PKG_VERSION").to_owned(),
        };
        let headers = vec![("Content-Type", "application/json".to_owned())];
        let reply =
            http.send(Ask { method: "POST", path: path::ENROL.into(), headers, body: json(&request) });
        let reply = accepted(reply.expect("headquarters answers"))?;
        Ok(Terminal { http, key, chance, told: reply.json(), lines: Vec::new() })
    }

    pub fn stream(&self) -> Stream {
        Stream { terminal: self.told.terminal, epoch: self.told.epoch }
    }

    /// The key of its event number `seq`.
    pub fn event(&self, seq: u64) -> EventKey {
        EventKey { terminal: self.told.terminal, epoch: self.told.epoch, seq }
    }

    /// Writes a fact down; [`Terminal::push`] sends it. Returns its sequence number.
    pub fn write(&mut self, fact: Fact, anchor: Anchor) -> u64 {
        let seq = self.lines.len() as u64 + 1;
        let at = now();
        let head = Head {
            v: ENVELOPE_VERSION,
            terminal: self.told.terminal,
            epoch: self.told.epoch,
            seq,
            prev: self.lines.last().map_or_else(|| genesis(self.stream()), |last| last.hash),
            id: self.chance.id().parse().expect("an id is a uuid"),
            kind_ver: 1,
            class: Class::Fact,
            anchor,
            biz_date: BusinessDay::at(at, Zone::CHINA),
            late_of: None,
            clocks: Clocks { t_wall: at, t_mono_ms: seq, ..Clocks::default() },
            mode: SpendMode::None,
            known: ledger::event::Known::default(),
            legs: fact.legs(),
            pii_commit: None,
        };
        self.lines.push(Event { head, fact }.seal());
        seq
    }

    /// # Errors
    /// HQ's refusal.
    pub fn hello(&mut self) -> Result<Welcome, Refusal> {
        let held = self.lines.last().map(|last| HeldStream {
            epoch: self.told.epoch,
            max_seq: self.lines.len() as u64,
            hash_at_max: last.hash,
            low_seq: 1,
            anchor_hash: None,
        });
        let hello = Hello {
            members_of: None,
            proto: PROTOCOL,
            app_version: env!("CARGO_PKG_VERSION").to_owned(),
            log_epoch: Some(self.told.log_epoch.clone()),
            streams: held.into_iter().collect(),
            cursors: Vec::new(),
            generation: 1,
            boot: None,
            t_wall: now(),
        };
        Ok(self.signed("POST", path::HELLO, json(&hello), &[])?.json())
    }

    /// Sends events `first..=last` of its history.
    ///
    /// # Errors
    /// HQ's refusal.
    pub fn push(&mut self, first: u64, last: u64) -> Result<PushAck, Refusal> {
        let (from, to) = (index(first), index(last));
        let lines: Vec<EventLine> = self.lines[from..=to].to_vec();
        self.push_lines(first, &lines)
    }

    /// Sends any lines under any number.
    ///
    /// # Errors
    /// HQ's refusal.
    pub fn push_lines(&mut self, first: u64, lines: &[EventLine]) -> Result<PushAck, Refusal> {
        let hash = lines.last().map_or(Hash::ZERO, |line| line.hash);
        let count = u32::try_from(lines.len()).expect("few lines");
        let head = PushHead::signed(&self.key, &self.told.log_epoch, self.stream(), (first, count), &hash);
        let mut body = json(&head);
        for line in lines {
            body.push(b'\n');
            body.extend(line.line.as_bytes());
        }
        body.push(b'\n');
        let packed = zstd::encode_all(&*body, 3).expect("memory can be packed");
        Ok(self.signed("POST", path::PUSH, packed, &[("Content-Encoding", "zstd")])?.json())
    }

    /// Everybody as HQ knows them.
    ///
    /// # Panics
    /// When HQ refuses, or the last line is missing.
    pub fn snapshot(&mut self) -> Snapshot {
        let reply = self.signed("GET", path::SNAPSHOT, Vec::new(), &[]).expect("HQ gives a snapshot");
        let mut snapshot = Snapshot::default();
        let mut whole = false;
        for line in reply.lines().iter().skip(1) {
            let row: SnapshotRow = serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"));
            whole = matches!(row, SnapshotRow::End { .. });
            if let SnapshotRow::M { member, points, quota } = row {
                snapshot.members.push((member, points, quota));
            } else if let SnapshotRow::C { coupon } = row {
                snapshot.coupons.push(coupon);
            }
        }
        assert!(whole, "a snapshot ends with its last line");
        snapshot
    }

    /// What the chain decides for its store.
    ///
    /// # Panics
    /// When HQ refuses.
    pub fn config(&mut self) -> Config {
        self.signed("GET", &format!("{}?have=0", path::CONFIG), Vec::new(), &[])
            .expect("HQ has a config")
            .json()
    }

    /// A signed request with the body as it is.
    ///
    /// # Errors
    /// HQ's refusal.
    pub fn signed(
        &mut self,
        method: &'static str,
        path: &str,
        body: Vec<u8>,
        more: &[(&'static str, &str)],
    ) -> Result<Reply, Refusal> {
        let ask = self.prepare(method, path, body, more);
        self.repeat(ask)
    }

    /// Signs without sending, so that a test can send it twice.
    pub fn prepare(
        &mut self,
        method: &'static str,
        path: &str,
        body: Vec<u8>,
        more: &[(&'static str, &str)],
    ) -> Ask {
        let nonce = self.chance.id().replace('-', "");
        let time = now().to_string();
        let text = request_text(method, path, &time, &nonce, &body);
        let mut headers = vec![
            (TERMINAL_HEADER, self.told.terminal.to_string()),
            (TIME_HEADER, time),
            (NONCE_HEADER, nonce),
            (SIGNATURE_HEADER, sign(&self.key, &text)),
            ("Content-Type", "application/json".to_owned()),
        ];
        headers.extend(more.iter().map(|(name, value)| (*name, (*value).to_owned())));
        Ask { method, path: path.to_owned(), headers, body }
    }

    /// # Errors
    /// HQ's refusal.
    ///
    /// # Panics
    /// When HQ does not answer.
    pub fn repeat(&self, ask: Ask) -> Result<Reply, Refusal> {
        accepted(self.http.send(ask).expect("headquarters answers"))
    }
}

fn accepted(reply: Reply) -> Result<Reply, Refusal> {
    if reply.status == 200 { Ok(reply) } else { Err((reply.status, reply.json())) }
}

fn json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("plain data becomes JSON")
}

fn index(seq: u64) -> usize {
    usize::try_from(seq).expect("few events") - 1
}
