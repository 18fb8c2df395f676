//! The event envelope: one JSON line, hashed and sent as it was written, never re-encoded.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::fact::Fact;
use crate::id::{Anchor, Epoch, EventKey, Hash, Shard, Stream, TerminalId};
use crate::posting::Leg;
use crate::shift::LateOf;
use crate::time::{BusinessDay, Timestamp};

/// Envelope version written by this build.
pub const ENVELOPE_VERSION: u8 = 1;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Happened; never rejected.
    Fact,
    /// Asked for; may be rejected.
    Request,
}

/// How spending in this event was allowed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SpendMode {
    #[default]
    None,
    Online,
    /// Inside the store's quota, without HQ.
    StandIn,
    Override,
}

/// What every clock of the till said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clocks {
    pub t_wall: Timestamp,
    /// Monotonic ms since `boot`.
    pub t_mono_ms: u64,
    /// Random at each start, 16 hex digits.
    pub boot: Boot,
    /// Estimated HQ time minus wall time, ms; absent before the first contact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hq_off_ms: Option<i64>,
    /// Uncertainty of it, ms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hq_unc_ms: Option<u64>,
}

impl Clocks {
    /// The event's moment on HQ's clock, as well as the till could know it (PROTOCOL, "Time").
    pub fn t_eff(&self) -> Timestamp {
        self.t_wall.plus_ms(self.hq_off_ms.unwrap_or(0))
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Boot(pub u64);

impl Serialize for Boot {
    fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        Epoch(self.0).serialize(out)
    }
}

impl<'de> Deserialize<'de> for Boot {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Epoch::deserialize(from).map(|e| Boot(e.0))
    }
}

/// How far the till had heard one shard when it decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basis {
    pub shard: Shard,
    pub lsn: u64,
}

/// What the till knew when it asserted the fact: proof of ignorance, and of what it did know.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// Version of the configuration (prices, programme, staff) in force at the till.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bundle: Option<u64>,
    /// Shards of the member and the coupons that it used.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub basis: Vec<Basis>,
}

impl Known {
    /// True when entry `lsn` of `shard` had been heard.
    pub fn heard(&self, shard: Shard, lsn: u64) -> bool {
        self.basis.iter().any(|b| b.shard == shard && b.lsn >= lsn)
    }
}

/// Everything of the envelope but the fact. Field by field in PROTOCOL, "Event".
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Head {
    pub v: u8,
    pub terminal: TerminalId,
    pub epoch: Epoch,
    pub seq: u64,
    pub prev: Hash,
    pub id: Uuid,
    pub kind_ver: u16,
    pub class: Class,
    pub anchor: Anchor,
    pub biz_date: BusinessDay,
    /// The closed day that the till's clock still counts; absent when the fact is in time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub late_of: Option<LateOf>,
    #[serde(flatten)]
    pub clocks: Clocks,
    pub mode: SpendMode,
    #[serde(flatten)]
    pub known: Known,
    pub legs: Vec<Leg>,
    /// BLAKE3 of the sealed PII that travels beside the event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pii_commit: Option<Hash>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Event {
    #[serde(flatten)]
    pub head: Head,
    #[serde(flatten)]
    pub fact: Fact,
}

/// The members of a line, all on one level. What serde flattens it first copies, value by value; an event
/// is read far too often for that.
#[derive(Deserialize)]
struct Flat<'a> {
    v: u8,
    terminal: TerminalId,
    epoch: Epoch,
    seq: u64,
    prev: Hash,
    id: Uuid,
    kind_ver: u16,
    class: Class,
    anchor: Anchor,
    biz_date: BusinessDay,
    late_of: Option<LateOf>,
    t_wall: Timestamp,
    t_mono_ms: u64,
    boot: Boot,
    hq_off_ms: Option<i64>,
    hq_unc_ms: Option<u64>,
    mode: SpendMode,
    bundle: Option<u64>,
    #[serde(default)]
    basis: Vec<Basis>,
    legs: Vec<Leg>,
    pii_commit: Option<Hash>,
    #[serde(borrow)]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    body: &'a RawValue,
}

impl Flat<'_> {
    fn head(self) -> Head {
        Head {
            v: self.v,
            terminal: self.terminal,
            epoch: self.epoch,
            seq: self.seq,
            prev: self.prev,
            id: self.id,
            kind_ver: self.kind_ver,
            class: self.class,
            anchor: self.anchor,
            biz_date: self.biz_date,
            late_of: self.late_of,
            clocks: Clocks {
                t_wall: self.t_wall,
                t_mono_ms: self.t_mono_ms,
                boot: self.boot,
                hq_off_ms: self.hq_off_ms,
                hq_unc_ms: self.hq_unc_ms,
            },
            mode: self.mode,
            known: Known { bundle: self.bundle, basis: self.basis },
            legs: self.legs,
            pii_commit: self.pii_commit,
        }
    }
}

/// An event as bytes: the line without its newline, and its hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventLine {
    pub line: String,
    pub hash: Hash,
}

/// `prev` of the first event of a stream without a parent.
pub fn genesis(stream: Stream) -> Hash {
    Hash::of(format!("genesis:{}:{}", stream.terminal, stream.epoch).as_bytes())
}

/// Where a stream branched off another one of the same terminal: the last event that both share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parent {
    pub epoch: Epoch,
    /// 0 when not even the first event is shared.
    pub seq: u64,
    pub hash: Hash,
}

/// `prev` of the first event of a stream that branched off: the new history vouches for the old one.
pub fn genesis_after(stream: Stream, parent: &Parent) -> Hash {
    let Parent { epoch, seq, hash } = parent;
    Hash::of(format!("genesis:{}:{}:{epoch}:{seq}:{hash}", stream.terminal, stream.epoch).as_bytes())
}

impl Event {
    pub fn key(&self) -> EventKey {
        EventKey { terminal: self.head.terminal, epoch: self.head.epoch, seq: self.head.seq }
    }

    /// What happened: the inner event of a recovered one, any other event itself.
    #[must_use]
    pub fn unwrapped(self) -> Event {
        match &self.fact {
            Fact::Recovered(recovered) => Event::parse(&recovered.orig_line).unwrap_or(self),
            _ => self,
        }
    }

    /// Writes the line once. A fact is plain data, so JSON cannot fail on it.
    pub fn seal(&self) -> EventLine {
        let line =
            serde_json::to_string(self).expect("an event holds no map keys or floats that JSON refuses");
        let hash = Hash::of(line.as_bytes());
        EventLine { line, hash }
    }

    /// # Errors
    /// What does not fit, as serde says it; the line stays what it was.
    pub fn parse(line: &str) -> Result<Event, serde_json::Error> {
        let flat: Flat<'_> = serde_json::from_str(line)?;
        let fact = Fact::read(&flat.kind, flat.body)?;
        Ok(Event { head: flat.head(), fact })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::ClockMark;

    #[test]
    fn an_event_reads_back_as_it_was_written() {
        let stream = Stream { terminal: TerminalId(3), epoch: Epoch(5) };
        let event = Event {
            head: Head {
                v: ENVELOPE_VERSION,
                terminal: stream.terminal,
                epoch: stream.epoch,
                seq: 1,
                prev: genesis(stream),
                id: Uuid::nil(),
                kind_ver: 1,
                class: Class::Fact,
                anchor: Anchor::terminal(stream.terminal),
                biz_date: "2026-11-21".parse().unwrap(),
                late_of: None,
                clocks: Clocks {
                    t_wall: Timestamp(1_700_000_000_000),
                    t_mono_ms: 5,
                    boot: Boot(9),
                    hq_off_ms: Some(-3),
                    hq_unc_ms: Some(1),
                },
                mode: SpendMode::None,
                known: Known::default(),
                legs: Vec::new(),
                pii_commit: None,
            },
            fact: Fact::ClockMark(ClockMark { jump_ms: -86_400_000 }),
        };
        let sealed = event.seal();
        assert!(!sealed.line.contains('\n'));
        assert_eq!(Event::parse(&sealed.line).unwrap(), event);
        assert_eq!(sealed.hash, Hash::of(sealed.line.as_bytes()));
    }
}
