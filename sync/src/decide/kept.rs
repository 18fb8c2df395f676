//! Things that HQ remembers between decisions and that have no table of their own: holds, lots, versions
//! of profile fields, lines given back. Each kind has one body; each id says in its form what it belongs to.

use ledger::event::Event;
use ledger::grant::{AuthId, Spend};
use ledger::id::{EventKey, Hash, MemberId, Shard, Sku, StoreId, TerminalId};
use ledger::money::Fen;
use ledger::posting::Unit;
use ledger::profile::ProfileField;
use ledger::quantity::Milli;
use ledger::time::{BusinessDay, Timestamp};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::published;
use super::view::View;

pub use super::published::Published;

/// A kind of thing that is kept.
pub trait Kept: Serialize + DeserializeOwned {
    const KIND: &'static str;
}

/// True for what the whole chain reads and only a publication writes, a version at a time: reading it needs
/// no lock, an older `latest` is as good as an earlier reader.
pub fn is_published(kind: &str) -> bool {
    kind == Published::KIND || kind == Price::KIND
}

/// A change of what is kept, applied with the decision's entries; `body` None removes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keep {
    pub shard: Shard,
    pub kind: &'static str,
    pub id: String,
    pub body: Option<Value>,
}

impl Keep {
    /// Plain data only: JSON cannot fail on it.
    pub fn put<K: Kept>(shard: Shard, id: String, body: &K) -> Self {
        Keep { shard, kind: K::KIND, id, body: serde_json::to_value(body).ok() }
    }

    pub fn remove<K: Kept>(shard: Shard, id: String) -> Self {
        Keep { shard, kind: K::KIND, id, body: None }
    }
}

/// One thing, if it is kept and readable.
///
/// # Errors
/// What the view reports.
pub fn one<V: View + ?Sized, K: Kept>(view: &V, shard: Shard, id: &str) -> Result<Option<K>, V::Error> {
    Ok(view.kept(shard, K::KIND, id)?.and_then(|body| serde_json::from_value(body).ok()))
}

/// All things of a kind whose id starts with `prefix`, in order of the id.
///
/// # Errors
/// What the view reports.
pub fn under<V: View + ?Sized, K: Kept>(
    view: &V,
    shard: Shard,
    prefix: &str,
) -> Result<Vec<(String, K)>, V::Error> {
    let rows = view.kept_under(shard, K::KIND, prefix)?;
    Ok(rows.into_iter().filter_map(|(id, body)| Some((id, serde_json::from_value(body).ok()?))).collect())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HoldState {
    Open,
    Captured,
    Released,
    Expired,
}

/// Funds set aside for one sale to come. Id: `<member>/<auth id>`, in the member's shard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    pub terminal: TerminalId,
    pub store: StoreId,
    pub spend: Spend,
    pub until: Timestamp,
    pub state: HoldState,
    pub lsn: u64,
    #[serde(default)]
    pub by: Option<EventKey>,
}

impl Kept for Hold {
    const KIND: &'static str = "hold";
}

pub fn hold_id(member: MemberId, auth: AuthId) -> String {
    format!("{member}/{}", auth.0)
}

/// Points earned together, which expire together. Id: `<member>/<expires_on yyyymmdd>/<lsn, 16 digits>`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lot {
    pub points_left: i64,
    pub points_earned: i64,
    pub expires_on: BusinessDay,
    /// Entry that expired what was left, if one did, and how much that was.
    #[serde(default)]
    pub expired: Option<(u64, i64)>,
}

impl Kept for Lot {
    const KIND: &'static str = "lot";
}

/// Where one field of a profile stands. Id: `<member>/<field>`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldState {
    pub value: String,
    /// Entry that wrote it.
    pub ver: u64,
    pub at: Timestamp,
    /// Values before it, oldest first.
    #[serde(default)]
    pub history: Vec<(u64, String)>,
}

impl Kept for FieldState {
    const KIND: &'static str = "field";
}

pub fn field_id(member: MemberId, field: ProfileField) -> String {
    format!("{member}/{}", field.code())
}

/// What one refund gave back of one line. Id: `<sale key>/<line, 5 digits>/<refund key>`, in the sale's
/// home shard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundedLine {
    pub qty_milli: Milli,
    pub amount_fen: Fen,
}

impl Kept for RefundedLine {
    const KIND: &'static str = "refunded_line";
}

impl Kept for Published {
    const KIND: &'static str = published::KIND;
}

/// A price from a version of the configuration on. Id: `<sku>/<config version, 12 digits>`; shard 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Price {
    pub price_fen: Fen,
    #[serde(default)]
    pub member_price_fen: Option<Fen>,
}

impl Kept for Price {
    const KIND: &'static str = "price";
}

pub fn price_prefix(sku: &Sku) -> String {
    format!("{sku}/")
}

/// Which event an inner event was decided as. Id: its hash; shard: the hash's first byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecidedAs {
    pub key: EventKey,
}

impl Kept for DecidedAs {
    const KIND: &'static str = "recovered";
}

pub fn inner_shard(hash: &Hash) -> Shard {
    Shard(hash.0[0])
}

/// Who used an event's id first. Id: the UUID; shard: that of the event's anchor, which is at hand anyway.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedBy {
    pub key: EventKey,
    pub hash: Hash,
}

impl Kept for NamedBy {
    const KIND: &'static str = "event_id";
}

pub fn name_of(event: &Event) -> (Shard, String) {
    (event.head.anchor.shard(), event.head.id.to_string())
}

/// Since when a member is blocked. Id: the member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    pub lsn: u64,
    pub why: String,
}

impl Kept for Block {
    const KIND: &'static str = "block";
}

/// Who looks after a case, where it is not the role that its kind belongs to. Id: the case; shard: the case's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseOwner {
    pub operator: String,
}

impl Kept for CaseOwner {
    const KIND: &'static str = "case_owner";
}

/// Sum of what moved on a survivor's account in the name of another member. Id:
/// `<survivor>/<named>/<unit>`; the way back from a merge. Not kept when it is 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attributed {
    pub sum: i64,
}

impl Kept for Attributed {
    const KIND: &'static str = "attributed";
}

pub fn attributed_id(survivor: MemberId, named: MemberId, unit: Unit) -> String {
    format!("{survivor}/{named}/{unit}")
}

/// One member became another name of a second, and what each had then. Id: `<to>/<from>`, in the shard
/// of `to`; all of them together are the forest of merges.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Merged {
    pub from_points: i64,
    pub from_fen: i64,
    pub to_points: i64,
    pub to_fen: i64,
}

impl Kept for Merged {
    const KIND: &'static str = "merged";
}

pub fn merged_id(to: MemberId, from: MemberId) -> String {
    format!("{to}/{from}")
}

/// A store with a till that holds only the store's members: the log says who enters and who leaves it. Id: the
/// store; shard 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listening {}

impl Kept for Listening {
    const KIND: &'static str = "listening";
}
