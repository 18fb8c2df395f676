//! Makes an image beside a running server: one consistent view, whole or not there.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use ledger::id::Hash;
use ledger::time::Timestamp;

use super::failure::{BackupError, Result, at};
use super::manifest::{self, Manifest};
use crate::config::DataDir;
use crate::jobs::move_database;
use crate::store::Store;
use crate::store::sqlite::Sqlite;

const READ_BYTES: usize = 1 << 20;

/// Writes an image of `store` into a new folder below `into`; returns that folder.
///
/// # Errors
/// When a file cannot be written, or the copy is not what was copied.
pub fn make(store: &dyn Store, data: &DataDir, into: &Path, now: Timestamp) -> Result<PathBuf> {
    let name: String = now.to_string().chars().filter(|c| !matches!(c, ':' | '-')).collect();
    let (whole, part) = (into.join(format!("hq-{name}")), into.join(format!("hq-{name}.part")));
    DataDir::new(into).make().map_err(at(into))?;
    DataDir::new(&part).make().map_err(at(&part))?;
    let database = manifest::database(&part);
    let copy = Sqlite::open(&database)?;
    if !move_database::run(store, &copy)?.agree() {
        return Err(BackupError::Broken("the copy is not what was copied".to_owned()));
    }
    copy.seal()?;
    let image = Sqlite::open_sealed(&database)?;
    let manifest = Manifest::of(&*crate::store::Store::read(&image)?, now, fingerprint(&database)?)?;
    for file in [data.certificate(), data.certificate_key()] {
        copy_beside(&file, &part)?;
    }
    let text = serde_json::to_vec_pretty(&manifest).map_err(|e| BackupError::Broken(e.to_string()))?;
    let path = manifest::file(&part);
    std::fs::write(&path, text).map_err(at(&path))?;
    sync_all(&part)?;
    std::fs::rename(&part, &whole).map_err(at(&whole))?;
    sync_all(into)?;
    Ok(whole)
}

/// A headquarters behind plain HTTP has no certificate.
fn copy_beside(file: &Path, folder: &Path) -> Result<()> {
    let Some(name) = file.file_name().filter(|_| file.is_file()) else { return Ok(()) };
    std::fs::copy(file, folder.join(name)).map(drop).map_err(at(file))
}

/// What is in `folder` is on the disk afterwards.
fn sync_all(folder: &Path) -> Result<()> {
    for entry in std::fs::read_dir(folder).map_err(at(folder))?.filter_map(std::result::Result::ok) {
        let path = entry.path();
        if path.is_file() {
            File::open(&path).and_then(|file| file.sync_all()).map_err(at(&path))?;
        }
    }
    // Only some systems can sync a folder; where they cannot, the rename is as safe as they make it.
    #[cfg(unix)]
    File::open(folder).and_then(|file| file.sync_all()).map_err(at(folder))?;
    Ok(())
}

/// Size and BLAKE3 of a file.
///
/// # Errors
/// When it cannot be read.
pub fn fingerprint(path: &Path) -> Result<(u64, Hash)> {
    let mut file = File::open(path).map_err(at(path))?;
    let (mut hasher, mut buffer, mut bytes) = (blake3::Hasher::new(), vec![0; READ_BYTES], 0u64);
    loop {
        let read = file.read(&mut buffer).map_err(at(path))?;
        if read == 0 {
            return Ok((bytes, Hash(*hasher.finalize().as_bytes())));
        }
        hasher.update(&buffer[..read]);
        bytes += read as u64;
    }
}
