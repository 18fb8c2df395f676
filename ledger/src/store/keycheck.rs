//! Tells a wrong key from a damaged file: a keyed hash beside the ledger, written before it.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use super::connect::Key;
use super::error::StoreError;
use crate::id::Hash;

pub(super) const KEYCHECK_FILE: &str = "ledger.keycheck";
const PURPOSE: &[u8] = b"suanpan ledger key check v1";

/// Compares the note with the key.
///
/// # Errors
/// [`StoreError::WrongKey`] when the note was made with another key.
pub(super) fn check(dir: &Path, key: &Key) -> Result<Known, StoreError> {
    let path = dir.join(KEYCHECK_FILE);
    let mine = Hash(*blake3::keyed_hash(&key.0, PURPOSE).as_bytes());
    match fs::read_to_string(&path).ok().and_then(|text| text.trim().parse::<Hash>().ok()) {
        Some(noted) if noted == mine => Ok(Known::Yes),
        Some(_) => Err(StoreError::WrongKey),
        None => Ok(Known::No),
    }
}

/// Whether the key was seen before: only then may an unreadable file be called damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    Yes,
    No,
}

/// Notes the key, durably.
///
/// # Errors
/// The disk's.
pub(super) fn note(dir: &Path, key: &Key) -> Result<(), StoreError> {
    let mine = Hash(*blake3::keyed_hash(&key.0, PURPOSE).as_bytes());
    let new = dir.join("ledger.keycheck.new");
    let mut file = fs::File::create(&new)?;
    writeln!(file, "{mine}")?;
    file.sync_all()?;
    fs::rename(new, dir.join(KEYCHECK_FILE))?;
    Ok(())
}
