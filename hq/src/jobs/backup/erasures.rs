//! The list of erased members that lies beside the backups: an older image knows nothing of them.

use std::path::{Path, PathBuf};

use super::failure::{Result, at};
use crate::erased;
use crate::orders::forgotten;
use crate::store::Store;

/// The list in a folder of backups.
pub fn file(folder: &Path) -> PathBuf {
    folder.join("erasures.jsonl")
}

/// Appends whoever is not on the list yet; it is on the disk afterwards. Returns how many that were.
///
/// # Errors
/// When the list cannot be read or written.
pub fn write(store: &dyn Store, list: &Path) -> Result<usize> {
    let all = erased::all(&*store.read()?)?;
    forgotten::add(list, all).map_err(at(list))
}

/// Adds whoever is on the list beside an image to the one in a data folder, which is carried out from then on.
///
/// # Errors
/// When a list cannot be read or written.
pub fn inherit(image: &Path, list: &Path) -> Result<()> {
    let Some(beside) = image.parent().map(file) else { return Ok(()) };
    let all = forgotten::read(&beside).map_err(at(&beside))?;
    forgotten::add(list, all).map(drop).map_err(at(list))
}
