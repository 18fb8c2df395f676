//! `POST /v1/sync/pull`: entries down. Answer, zstd: one [`PullHead`] line, then for each frame its
//! [`Frame`] line and `count` entry lines as HQ wrote them.

use ledger::existence::Key;
use ledger::id::{Hash, Shard, StoreId};
use ledger::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::entry::Person;
use super::hello::Cursor;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PullRequest {
    pub log_epoch: String,
    /// The shards asked for, each with where the till stands (lsn 0 and the zero hash at the start).
    pub cursors: Vec<Cursor>,
    /// The store whose members the till holds; None when it holds all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub members_of: Option<StoreId>,
    pub entries_max: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PullHead {
    pub hq_time: Timestamp,
    pub frames: u32,
    /// True when more entries wait than this answer holds.
    pub more: bool,
}

/// Entries `from_lsn + 1 ..= to_lsn` of one shard. `from_lsn` must equal the till's cursor.
///
/// A till that holds its store's members only gets the lines that concern it. The others are told as
/// `left_out`, whole runs of them, so that every line it does get is proved to continue HQ's log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frame {
    pub shard: Shard,
    pub from_lsn: u64,
    pub to_lsn: u64,
    pub to_chain: Hash,
    /// Number of entry lines that follow.
    pub count: u32,
    /// HQ's chain value after entry `from_lsn`; there when anything was left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_chain: Option<Hash>,
    /// In order; empty for a till that holds all members.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<LeftOut>,
    /// Cards and numbers of the members whom the entries make or change, of those left out too: a till that
    /// holds its store's members only adds them to its existence filter.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub existence: Vec<Key>,
    /// Who the members are whose rows the entries hold, but for those who were erased since.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub persons: Vec<Person>,
}

/// Entries `from_lsn + 1 ..= to_lsn`, which are not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    pub from_lsn: u64,
    pub to_lsn: u64,
    pub to_chain: Hash,
}

/// Event `heads` of `GET /v1/feed`, and the answer of `GET /v1/pull?wait=25&after=VERSION`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heads {
    pub hq_time: Timestamp,
    pub log_epoch: String,
    /// Grows with every change; ask with `after` to wait for the next one.
    pub version: u64,
    pub config_version: u64,
    /// Changed shards (all of them in the first event), with their last lsn.
    pub heads: Vec<(Shard, u64)>,
}
