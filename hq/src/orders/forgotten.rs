//! One line of the list of erasures, how it gets there, and who is on it.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::{ErrorKind, Write as _};
use std::path::Path;

use ledger::id::MemberId;
use ledger::time::Timestamp;
use serde::{Deserialize, Serialize};

/// An id says nothing about a person who is forgotten.
#[derive(Serialize, Deserialize)]
struct Line {
    member: MemberId,
    at: Timestamp,
}

/// Adds a member to the list; it is on the disk when this returns.
///
/// # Errors
/// When it cannot be written.
pub fn note(list: &Path, member: MemberId, at: Timestamp) -> std::io::Result<()> {
    add(list, [(member, at)]).map(drop)
}

/// Adds whoever is not on the list yet; it is on the disk when this returns. Returns how many that were.
///
/// # Errors
/// When it cannot be read or written.
pub fn add(list: &Path, members: impl IntoIterator<Item = (MemberId, Timestamp)>) -> std::io::Result<usize> {
    let known = read(list)?;
    let new = members.into_iter().filter(|(member, _)| !known.contains_key(member));
    let lines = new.map(|(member, at)| serde_json::to_string(&Line { member, at }).map(|line| line + "\n"));
    let lines = lines.collect::<Result<Vec<_>, _>>()?;
    if !lines.is_empty() {
        let mut file = OpenOptions::new().create(true).append(true).open(list)?;
        file.write_all(lines.concat().as_bytes())?;
        file.sync_all()?;
    }
    Ok(lines.len())
}

/// Everybody on the list; nobody when there is none. A line that was cut off by a power failure belongs to
/// an erasure that was not done.
///
/// # Errors
/// When it cannot be read.
pub fn read(list: &Path) -> std::io::Result<BTreeMap<MemberId, Timestamp>> {
    let text = match std::fs::read_to_string(list) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(error) => return Err(error),
    };
    let lines = text.lines().filter_map(|line| serde_json::from_str(line).ok());
    Ok(lines.map(|Line { member, at }| (member, at)).collect())
}
