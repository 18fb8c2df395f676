//! The list of erased members that lies beside the backups: an older image knows nothing of them.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use ledger::id::MemberId;
use ledger::time::Timestamp;
use serde::{Deserialize, Serialize};
use sync::decide::order::Order;

use super::failure::{BackupError, Result, at};
use crate::erased;
use crate::orders::{OrderError, Wish, carry_out};
use crate::store::Store;

/// One line. An id says nothing about a person who is forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Line {
    member: MemberId,
    at: Timestamp,
}

/// The list in a folder of backups.
pub fn file(folder: &Path) -> PathBuf {
    folder.join("erasures.jsonl")
}

/// Appends whoever is not on the list yet; it is on the disk afterwards. Returns how many that were.
///
/// # Errors
/// When the list cannot be read or written.
pub fn write(store: &dyn Store, list: &Path) -> Result<usize> {
    let known = read(list)?;
    let all = erased::all(&*store.read()?)?;
    let new: Vec<Line> = all
        .into_iter()
        .filter(|(member, _)| !known.contains_key(member))
        .map(|(member, at)| Line { member, at })
        .collect();
    if new.is_empty() {
        return Ok(0);
    }
    let mut text = String::new();
    for line in &new {
        text += &serde_json::to_string(line).map_err(|e| BackupError::Broken(e.to_string()))?;
        text.push('\n');
    }
    let append = |list: &Path| {
        let mut file = OpenOptions::new().create(true).append(true).open(list)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()
    };
    append(list).map_err(at(list))?;
    Ok(new.len())
}

/// Everybody on the list; nobody when there is none.
fn read(list: &Path) -> Result<BTreeMap<MemberId, Timestamp>> {
    let text = match std::fs::read_to_string(list) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(error) => return Err(at(list)(error)),
    };
    let lines = text.lines().map(|line| {
        let line: Line = serde_json::from_str(line)
            .map_err(|e| BackupError::Broken(format!("{}: {e}", list.display())))?;
        Ok((line.member, line.at))
    });
    lines.collect()
}

/// Erases everybody on the list whom `store` still knows; returns how many that were. Who is not here yet,
/// because a till offers the join again only later, is met by the next call.
///
/// # Errors
/// When the list cannot be read, or what the database reports.
pub fn apply(store: &dyn Store, list: &Path, now: Timestamp) -> Result<usize> {
    let wanted = read(list)?;
    let done: BTreeMap<_, _> = erased::all(&*store.read()?)?.into_iter().collect();
    let mut erased = 0;
    for member in wanted.into_keys().filter(|member| !done.contains_key(member)) {
        erased += usize::from(erase(store, member, now)?);
    }
    Ok(erased)
}

/// False for whom nobody knows here.
fn erase(store: &dyn Store, member: MemberId, now: Timestamp) -> Result<bool> {
    match carry_out(store, now, &Wish::Member(Order::Erase { member }), None) {
        Ok((done, _)) => Ok(!done.entries.is_empty()),
        Err(OrderError::Refused(_)) => Ok(false),
        Err(error) => Err(BackupError::Broken(error.to_string())),
    }
}
