//! `GET /v1/sync/pack`: the rows of a snapshot as SQLite images. The answer is a [`Pack`]; a segment is
//! `GET /v1/sync/pack/<its hash>`, zstd of an image or of a part of the existence filter, whole or from a byte
//! on (`Range`).

use ledger::id::Hash;
use serde::{Deserialize, Serialize};

use super::path;
use super::snapshot::SnapshotHead;

/// Tables of an image.
pub const IMAGE: &str = include_str!("image.sql");
/// Most rows of a segment: a till takes each over in one transaction, between two checkouts.
pub const SEGMENT_ROWS: usize = 20_000;

/// What is in a pack, and where it stands: the feed goes on from its pins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pack {
    #[serde(flatten)]
    pub head: SnapshotHead,
    /// All of them are one pack: none may be missing.
    pub segments: Vec<Segment>,
    /// The existence filter, part by part in order; `rows` are pages. None where all members are in the pack.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub existence: Vec<Segment>,
}

/// One image or one part of the filter; nothing under a hash ever changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    /// BLAKE3 of the bytes as sent.
    pub blake3: Hash,
    /// As sent.
    pub bytes: u64,
    pub rows: u64,
}

impl Segment {
    /// Where it is asked for.
    pub fn path(&self) -> String {
        format!("{}/{}", path::PACK, self.blake3)
    }
}
