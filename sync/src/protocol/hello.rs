//! `POST /v1/sync/hello`: who holds what, proven by hashes, before anything is sent.

use ledger::event::Boot;
use ledger::id::{Epoch, Hash, Shard, StoreId};
use ledger::time::Timestamp;
use serde::{Deserialize, Serialize};

/// One stream the till still holds events of: all epochs, not only the current one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldStream {
    pub epoch: Epoch,
    pub max_seq: u64,
    pub hash_at_max: Hash,
    /// The first event that was not pruned.
    #[serde(default = "first_seq")]
    pub low_seq: u64,
    /// Hash of event `low_seq - 1`, if anything was pruned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anchor_hash: Option<Hash>,
}

fn first_seq() -> u64 {
    1
}

/// Where a till stands in one shard; shards never heard of are left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    pub shard: Shard,
    pub lsn: u64,
    pub chain: Hash,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    pub proto: u32,
    pub app_version: String,
    /// None before the first snapshot.
    pub log_epoch: Option<String>,
    pub streams: Vec<HeldStream>,
    pub cursors: Vec<Cursor>,
    /// The store whose members the till holds; None when it holds all, or nothing yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub members_of: Option<StoreId>,
    /// Counts starts of this installation; a smaller one than before means a restored copy.
    pub generation: u64,
    /// Random at each start: two that speak in turn are two machines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub boot: Option<Boot>,
    pub t_wall: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownStream {
    pub epoch: Epoch,
    pub received: u64,
    /// Hash of event `received`; the genesis hash when nothing was received.
    pub hash_at_received: Hash,
    /// HQ's hash of the last event that the till holds; absent when HQ does not have that one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hash_at_held: Option<Hash>,
    pub decided: u64,
    pub stable: u64,
}

/// What the till must do first, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Action {
    /// Forget confirmed state and cursors, keep every event, load a snapshot.
    Rebootstrap,
    /// This program is too old for HQ: facts are still taken, nothing else is promised.
    Upgrade,
    /// A later HQ asks for something that this program does not know.
    #[serde(other)]
    Unknown,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Welcome {
    pub log_epoch: String,
    pub hq_time: Timestamp,
    pub min_proto: u32,
    /// The oldest program that HQ still serves, `major.minor.patch`.
    #[serde(default)]
    pub min_app: String,
    pub streams: Vec<KnownStream>,
    pub actions: Vec<Action>,
    pub limits: Limits,
    pub heads: Vec<(Shard, u64)>,
    pub config_version: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    pub push_events_max: u32,
    pub push_bytes_max: u32,
    /// After an answer a till waits this long before it pushes again, so that sales travel together.
    pub linger_ms: u32,
    /// A till with much to catch up begins after this long: thousands do not return in one second.
    #[serde(default)]
    pub start_delay_ms: u32,
    /// HQ puts back what a push leaves out: [`super::left_out`].
    #[serde(default)]
    pub prev_left_out: bool,
}

/// `POST /v1/sync/hashes`: the hashes of own events as HQ has them, to find where two histories part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HashesRequest {
    pub epoch: Epoch,
    /// At most [`HASHES_MAX`] numbers.
    pub seqs: Vec<u64>,
}

/// Numbers of one [`HashesRequest`].
pub const HASHES_MAX: usize = 64;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HashesAnswer {
    /// HQ has the stream up to here.
    pub received: u64,
    /// Number and hash of those asked for that HQ has.
    pub hashes: Vec<(u64, Hash)>,
}

/// `POST /v1/sync/branch`: HQ's history parts from the till's after this event; the till asks for an epoch
/// to go on in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BranchRequest {
    pub epoch: Epoch,
    /// The last event that both share, 0 when none is.
    pub seq: u64,
    pub hash: Hash,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BranchAnswer {
    /// Given to nobody else.
    pub epoch: Epoch,
}
