//! `POST /v1/sync/hello`: who holds what, proven by hashes, before anything is sent.

use ledger::id::{Epoch, Hash, Shard};
use ledger::time::Timestamp;
use serde::{Deserialize, Serialize};

/// One stream the till still holds events of: all epochs, not only the current one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldStream {
    pub epoch: Epoch,
    pub max_seq: u64,
    pub hash_at_max: Hash,
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
    /// Counts starts of this installation; a smaller one than before means a restored copy.
    pub generation: u64,
    pub t_wall: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownStream {
    pub epoch: Epoch,
    pub received: u64,
    /// Hash of event `received`; the genesis hash when nothing was received.
    pub hash_at_received: Hash,
    pub decided: u64,
    pub stable: u64,
}

/// What the till must do first, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Action {
    /// Forget confirmed state and cursors, keep every event, load a snapshot.
    Rebootstrap,
    /// History and HQ disagree: go on in this epoch, re-wrap what HQ lacks.
    OpenEpoch { epoch: Epoch, fork_seq: u64 },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Welcome {
    pub log_epoch: String,
    pub hq_time: Timestamp,
    pub min_proto: u32,
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
    pub linger_ms: u32,
}
