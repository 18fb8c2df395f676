//! What an image says about itself.

use std::path::{Path, PathBuf};

use ledger::id::{Hash, Shard, Stream};
use ledger::time::Timestamp;
use serde::{Deserialize, Serialize};
use sync::protocol::hello::Cursor;

use super::failure::{BackupError, Result, at};
use crate::store::model::StreamRow;
use crate::store::{Read, StoreError};
use crate::timeline::log_epoch;

const FORMAT: u32 = 1;

/// Where one log stood; logs without entries are left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogHead {
    pub shard: Shard,
    pub lsn: u64,
    pub chain: Hash,
}

/// The last event of a stream that the image holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamHead {
    #[serde(flatten)]
    pub stream: Stream,
    pub received: u64,
    pub head: Hash,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub format: u32,
    pub made_at: Timestamp,
    pub log_epoch: String,
    /// Size and BLAKE3 of `hq.db`.
    pub bytes: u64,
    pub blake3: Hash,
    pub heads: Vec<LogHead>,
    pub streams: Vec<StreamHead>,
}

pub fn file(image: &Path) -> PathBuf {
    image.join("manifest.json")
}

pub fn database(image: &Path) -> PathBuf {
    image.join("hq.db")
}

impl Manifest {
    /// What `tx` holds, for a file of this size and hash.
    ///
    /// # Errors
    /// What the database reports.
    pub fn of(
        tx: &dyn Read,
        made_at: Timestamp,
        (bytes, blake3): (u64, Hash),
    ) -> std::result::Result<Self, StoreError> {
        Ok(Manifest {
            format: FORMAT,
            made_at,
            log_epoch: log_epoch(tx)?,
            bytes,
            blake3,
            heads: heads(tx)?,
            streams: streams(tx)?,
        })
    }

    /// # Errors
    /// When it cannot be read, or was written by a later version.
    pub fn read(image: &Path) -> Result<Self> {
        let path = file(image);
        let text = std::fs::read(&path).map_err(at(&path))?;
        let manifest: Manifest =
            serde_json::from_slice(&text).map_err(|e| BackupError::Broken(format!("manifest.json: {e}")))?;
        if manifest.format > FORMAT {
            let why = format!("format {} is of a later version", manifest.format);
            return Err(BackupError::Broken(why));
        }
        Ok(manifest)
    }
}

pub fn heads(tx: &dyn Read) -> std::result::Result<Vec<LogHead>, StoreError> {
    let written = tx.heads()?.into_iter().filter(|head| head.lsn > 0);
    Ok(written.map(|Cursor { shard, lsn, chain }| LogHead { shard, lsn, chain }).collect())
}

pub fn streams(tx: &dyn Read) -> std::result::Result<Vec<StreamHead>, StoreError> {
    let mut all = Vec::new();
    for terminal in tx.terminals()? {
        let rows = tx.streams(terminal.id)?.into_iter();
        all.extend(rows.map(|StreamRow { epoch, received, head, .. }| StreamHead {
            stream: Stream { terminal: terminal.id, epoch },
            received,
            head,
        }));
    }
    Ok(all)
}

/// The image at `path`, or the newest of those in the folder `path`.
///
/// # Errors
/// When there is none.
pub fn find(path: &Path) -> Result<PathBuf> {
    if file(path).is_file() {
        return Ok(path.to_owned());
    }
    let inside = std::fs::read_dir(path).map_err(at(path))?.filter_map(std::result::Result::ok);
    let whole = inside.map(|entry| entry.path()).filter(|entry| file(entry).is_file());
    // The names begin with the moment.
    whole.max().ok_or_else(|| BackupError::NoImage(path.to_owned()))
}
