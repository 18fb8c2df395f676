//! Rows as headquarters works with them, whichever database keeps them.

use ledger::id::{CaseId, CouponId, Epoch, EventKey, Hash, MemberId, Shard, StoreId, TerminalId};
use ledger::posting::{Account, Unit};
use ledger::time::{BusinessDay, Timestamp};
use serde::Serialize;
use sync::protocol::push::Verdict;
use sync::protocol::snapshot::MemberRow;

/// `terminal/epoch/seq` as text columns keep it.
pub fn key_text(text: &str) -> Option<EventKey> {
    let mut parts = text.split('/');
    let key = EventKey {
        terminal: TerminalId(parts.next()?.parse().ok()?),
        epoch: parts.next()?.parse().ok()?,
        seq: parts.next()?.parse().ok()?,
    };
    parts.next().is_none().then_some(key)
}

/// One decided line of a shard's log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    pub lsn: u64,
    /// Chain value after the line.
    pub chain: Hash,
    pub line: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StreamRow {
    pub epoch: Epoch,
    pub received: u64,
    /// Hash of event `received`.
    pub head: Hash,
    pub stable: u64,
}

/// A received line with what was made of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventRow {
    pub key: EventKey,
    pub hash: Hash,
    /// Exactly the bytes that came.
    pub line: Vec<u8>,
    pub received_at: Timestamp,
    pub outcome: EventOutcome,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventOutcome {
    pub verdict: Verdict,
    pub code: String,
    pub shard: Shard,
    /// 0 while parked.
    pub lsn: u64,
    pub case: Option<CaseId>,
    pub waits_for: Option<String>,
}

#[derive(Clone, PartialEq, Eq)]
pub struct TerminalRow {
    pub id: TerminalId,
    pub store: StoreId,
    pub till_no: u32,
    pub public_key: Vec<u8>,
    pub app_version: String,
    /// The last epoch that HQ gave out.
    pub epoch: Epoch,
    pub enrolled_at: Timestamp,
    pub last_contact: Timestamp,
    /// What the till said it holds at its last hello.
    pub told: Option<(Epoch, u64)>,
    pub revoked_at: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PostingRow {
    pub account: Account,
    pub lsn: u64,
    pub n: u16,
    pub unit: Unit,
    pub delta: i64,
    pub balance_after: i64,
    /// `earn`, `redeem`, `refund_earn`, …
    pub reason: String,
    /// `event:<terminal>/<epoch>/<seq>`, `job:opening`, `case:<id>`
    pub cause: String,
    pub at: Timestamp,
}

impl PostingRow {
    /// The event that moved it; None when headquarters did.
    pub fn event(&self) -> Option<EventKey> {
        self.cause.strip_prefix("event:").and_then(key_text)
    }
}

/// A sale or refund as the console lists it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SaleRow {
    pub store: StoreId,
    /// The day that it is booked on: a late one's own day stands in its event and on the late list.
    pub biz_date: BusinessDay,
    #[serde(flatten)]
    pub key: EventKey,
    pub kind: String,
    pub receipt_no: String,
    /// Negative for a refund.
    pub total_fen: i64,
    pub member: Option<MemberId>,
    pub points_earned: i64,
    pub points_redeemed: i64,
    pub received_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verdict: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DayRow {
    #[serde(flatten)]
    pub key: EventKey,
    pub report_no: u32,
    pub agreed: bool,
    pub till: serde_json::Value,
    pub hq: serde_json::Value,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KindSum {
    pub kind: String,
    pub count: i64,
    pub total_fen: i64,
    pub points_earned: i64,
    pub points_redeemed: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CaseRow {
    pub id: CaseId,
    pub kind: String,
    pub state: String,
    pub version: u32,
    pub shard: Shard,
    pub store: StoreId,
    pub event: EventKey,
    pub member: Option<MemberId>,
    pub other: Option<MemberId>,
    pub coupon: Option<CouponId>,
    pub unit: Unit,
    pub amount: i64,
    pub detail: String,
    pub opened_at: Timestamp,
    pub closed_at: Option<Timestamp>,
    pub choice: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberFound {
    pub row: MemberRow,
    pub root: MemberId,
}

/// How members are looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MemberSearch {
    Any,
    Card(String),
    NameStart(String),
    /// Last digits of the phone number.
    PhoneTail(String),
}
