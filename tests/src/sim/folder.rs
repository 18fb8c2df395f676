//! Data folders as a disk keeps them: copies for crashes, restores and clones, and what a power cut
//! leaves of what was not synced.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::chance::Chance;

/// Files that hold nothing but a running program's own state.
const LIVE_ONLY: &[&str] = &["-shm", ".lock"];

/// Copies every file that outlives its program.
pub fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    let mut files: Vec<PathBuf> = fs::read_dir(from)?.filter_map(|e| e.ok().map(|e| e.path())).collect();
    files.sort();
    for file in files {
        let Some(name) = file.file_name().map(|name| name.to_string_lossy().into_owned()) else { continue };
        if LIVE_ONLY.iter().any(|end| name.ends_with(end)) || !file.is_file() {
            continue;
        }
        fs::copy(&file, to.join(name))?;
    }
    Ok(())
}

/// Puts `from` in the place of `to`, whole.
pub fn replace(from: &Path, to: &Path) -> io::Result<()> {
    if to.exists() {
        fs::remove_dir_all(to)?;
    }
    copy(from, to)
}

/// A power cut: of the ledger every commit was synced, so only a torn write behind the last one can be
/// left; the draft's log was not synced and ends anywhere.
pub fn cut_power(folder: &Path, chance: &mut Chance) -> io::Result<()> {
    let ledger = folder.join("ledger.db-wal");
    if ledger.exists() && chance.odds(500) {
        let mut bytes = fs::read(&ledger)?;
        let torn = chance.below(9_000);
        bytes.extend((0..torn).map(|_| chance.byte()));
        fs::write(&ledger, bytes)?;
    }
    let draft = folder.join("draft.db-wal");
    if draft.exists() {
        let bytes = fs::read(&draft)?;
        let kept = chance.below(bytes.len() as u64 + 1);
        fs::write(&draft, &bytes[..usize::try_from(kept).unwrap_or(0)])?;
    }
    Ok(())
}
