//! Spending in contact with HQ. `POST /v1/sync/authorize` sets funds aside for one sale to come,
//! `POST /v1/sync/release` gives them back, `POST /v1/sync/lookup` asks for a member or a receipt that the
//! till does not have.

use ledger::grant::{AuthId, Grant, Spend};
use ledger::id::{EventKey, Hash};
use ledger::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::signature;
use super::snapshot::{CouponRow, MemberRow};

/// How long funds are set aside where the till does not say, seconds on HQ's clock.
pub const TTL_S: u32 = 120;
/// Longest time for which HQ sets funds aside, seconds.
pub const TTL_S_MAX: u32 = 900;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorizeRequest {
    /// Chosen and stored by the till before it asks; the same id is the same question for ever.
    pub auth_id: AuthId,
    pub spend: Spend,
    #[serde(default = "ttl_s")]
    pub ttl_s: u32,
    /// For people who read HQ's log.
    #[serde(default)]
    pub reason: String,
}

fn ttl_s() -> u32 {
    TTL_S
}

/// All of it or nothing. An id that was answered before gets the same bytes again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum Authorized {
    Grant { grant: Grant, balances: Balances },
    Deny { code: DenyCode, balances: Balances },
}

impl Authorized {
    /// True for a denial, and for a grant of exactly what was asked that HQ signed with one of `keys`.
    pub fn answers(&self, ask: &AuthorizeRequest, keys: &[Vec<u8>]) -> bool {
        let Authorized::Grant { grant, .. } = self else { return true };
        let same = grant.auth_id == ask.auth_id && grant.spend == ask.spend;
        same && is_signed(grant, keys)
    }
}

/// True when HQ signed the grant with one of `keys`.
pub fn is_signed(grant: &Grant, keys: &[Vec<u8>]) -> bool {
    let text = grant.text();
    keys.iter().any(|key| signature::verify(key, &text, &grant.sig))
}

/// What the member may still spend anywhere, after this answer: the balance without open holds and
/// without stored value that is lent to stores.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Balances {
    pub points: i64,
    pub stored_fen: i64,
}

/// Why HQ said no, in order of precedence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DenyCode {
    UnknownMember,
    Blocked,
    /// Used, revoked, set aside for another sale, or somebody else's.
    CouponUsed,
    Insufficient,
    /// A reason of a later version.
    #[serde(other)]
    Other,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseRequest {
    pub auth_id: AuthId,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseAnswer {
    pub state: Released,
}

/// Where the hold stands after the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Released {
    /// Nothing is set aside any more.
    Released,
    /// A sale has it.
    Captured,
    /// HQ never granted it.
    Unknown,
}

/// One of: `{"phone_hash":"…"}`, `{"card":"8600…"}`, `{"qr":"MB2.…"}`, `{"receipt":"SP1:…"}`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LookupRequest {
    PhoneHash(Hash),
    Card(String),
    /// A rotating member code.
    Qr(String),
    Receipt(String),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "found", rename_all = "snake_case")]
pub enum Found {
    Member(Box<FoundMember>),
    Receipt(FoundReceipt),
    Nothing,
}

/// A member as HQ knows them at `lsn` of their shard; the till's store hears of them from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundMember {
    pub row: MemberRow,
    pub lsn: u64,
    /// HQ's clock.
    pub at: Timestamp,
    pub points: i64,
    pub stored_fen: i64,
    pub quota: i64,
    pub quota_fen: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quota_until: Option<Timestamp>,
    pub coupons: Vec<CouponRow>,
}

/// The event behind a receipt code, as it was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundReceipt {
    #[serde(flatten)]
    pub key: EventKey,
    pub hash: Hash,
    pub line: String,
    /// The refund that gave the whole sale back, if one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refunded_by: Option<EventKey>,
}
