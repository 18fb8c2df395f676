//! One line of the list of erasures, and how it gets there.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;

use ledger::id::MemberId;
use ledger::time::Timestamp;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
pub struct Line {
    pub member: MemberId,
    pub at: Timestamp,
}

/// Adds a member to the list; it is on the disk when this returns.
///
/// # Errors
/// When it cannot be written.
pub fn note(list: &Path, member: MemberId, at: Timestamp) -> std::io::Result<()> {
    let mut file = OpenOptions::new().create(true).append(true).open(list)?;
    let line = serde_json::to_string(&Line { member, at })?;
    file.write_all(format!("{line}\n").as_bytes())?;
    file.sync_all()
}
