//! A decision as a value: entries, verdict, cases, and what must be remembered beside them.

use std::fmt;

use ledger::id::{CaseId, CouponId, EventKey, Hash, MemberId, Shard};
use ledger::posting::Unit;
use ledger::shift::Totals;
use ledger::time::BusinessDay;

use super::kept::Keep;
use super::table::{self, Rule};
use crate::protocol::entry::Effect;
use crate::protocol::push::Verdict;

/// What one shard's log says about the event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShardEntry {
    pub shard: Shard,
    pub effects: Vec<Effect>,
}

/// An exception for a person, with its counterpart on an exception account where money or points moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseDraft {
    pub id: CaseId,
    /// A code of [`table`].
    pub kind: &'static str,
    /// Where its movements stand.
    pub shard: Shard,
    pub member: Option<MemberId>,
    /// The earlier member of a `merge_candidate`.
    pub other: Option<MemberId>,
    pub coupon: Option<CouponId>,
    pub unit: Unit,
    /// What stands on the exception account, positive; 0 when nothing does.
    pub amount: i64,
    pub detail: String,
}

/// What a parked event waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reference {
    Event(EventKey),
    Member(MemberId),
    Kind(String),
    /// A version of the configuration that HQ does not have (any more).
    Bundle(u64),
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reference::Event(key) => write!(f, "event:{key}"),
            Reference::Member(id) => write!(f, "member:{id}"),
            Reference::Kind(kind) => write!(f, "kind:{kind}"),
            Reference::Bundle(version) => write!(f, "bundle:{version}"),
        }
    }
}

/// Facts about facts: kept beside the log, rebuilt from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark {
    Refunded {
        sale: EventKey,
    },
    PhoneClaimed {
        phone: Hash,
        member: MemberId,
    },
    /// The member holds this number no more.
    PhoneReleased {
        phone: Hash,
        member: MemberId,
    },
    /// Something kept in a form of its own: [`super::kept`].
    Keep(Keep),
    DayClosed {
        day: BusinessDay,
        report_no: u32,
        agreed: bool,
        till: Box<Totals>,
        hq: Box<Totals>,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    pub rule: Rule,
    /// The shard whose entry carries the verdict.
    pub home: Shard,
    /// The home shard's first; empty only while parked.
    pub entries: Vec<ShardEntry>,
    pub cases: Vec<CaseDraft>,
    pub waits_for: Option<Reference>,
    pub marks: Vec<Mark>,
}

impl Decision {
    pub fn verdict(&self) -> Verdict {
        self.rule.verdict
    }

    pub fn code(&self) -> &'static str {
        self.rule.code
    }

    /// The first case, which the outcome names.
    pub fn case(&self) -> Option<CaseId> {
        self.cases.first().map(|c| c.id)
    }

    /// Applied, and nothing moves; the entry still tells that it was decided.
    pub fn without_effects(home: Shard) -> Self {
        Decision {
            rule: table::OK,
            home,
            entries: vec![ShardEntry { shard: home, effects: Vec::new() }],
            cases: Vec::new(),
            waits_for: None,
            marks: Vec::new(),
        }
    }

    pub fn parked(home: Shard, rule: Rule, waits_for: Reference) -> Self {
        Decision {
            rule,
            home,
            entries: Vec::new(),
            cases: Vec::new(),
            waits_for: Some(waits_for),
            marks: Vec::new(),
        }
    }

    /// A request to which HQ says no: nothing moves, and the entry tells why.
    pub fn rejected(home: Shard, rule: Rule) -> Self {
        Decision { rule, ..Decision::without_effects(home) }
    }

    pub fn quarantined(key: EventKey, home: Shard, rule: &Rule, detail: &str) -> Self {
        let decision = Decision { rule: *rule, ..Decision::without_effects(home) };
        decision.with_case(key, rule, detail.to_owned())
    }

    /// With a case about the event itself beside what else it does: nothing is at stake.
    pub fn with_case(mut self, key: EventKey, rule: &Rule, detail: String) -> Self {
        self.cases.push(CaseDraft {
            id: case_id(key, rule.code, self.cases.len()),
            kind: rule.code,
            shard: self.home,
            member: None,
            other: None,
            coupon: None,
            unit: Unit::Fen,
            amount: 0,
            detail,
        });
        self
    }
}

/// A case's id follows from the event, so that deciding again gives the same one.
pub fn case_id(key: EventKey, kind: &str, n: usize) -> CaseId {
    let digest = blake3::hash(format!("case:{key}:{kind}:{n}").as_bytes());
    let mut bytes = [0u8; 16];
    bytes.copy_from_slice(&digest.as_bytes()[..16]);
    // RFC 9562 version 8: made from a name, by our own rule.
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    CaseId::from(bytes)
}
