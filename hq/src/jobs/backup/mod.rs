//! Backups: a whole image of the chain in one folder, proved before anything relies on it.
//!
//! An image is a folder: `hq.db` (every table, as the embedded database keeps them, from either database),
//! the certificate that tills trust with its key, and `manifest.json`, written last.

use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::store::StoreError;

pub mod erasures;
pub mod image;
mod manifest;
pub mod restore;
pub mod schedule;
pub mod verify;

pub use image::make;
pub use manifest::{LogHead, Manifest, StreamHead};
pub use restore::restore;
pub use schedule::Schedule;
pub use verify::{Proof, mark_stable, prove};

#[derive(Debug, Error)]
pub enum BackupError {
    #[error("{path}: {why}")]
    File { path: PathBuf, why: std::io::Error },
    #[error("{0} holds no image")]
    NoImage(PathBuf),
    #[error("the image is not whole: {0}")]
    Broken(String),
    #[error("there is a chain here already: an image goes into an empty place only")]
    Occupied,
    #[error(transparent)]
    Store(#[from] StoreError),
}

type Result<T> = std::result::Result<T, BackupError>;

/// Names the file in a failure.
fn at(path: &Path) -> impl FnOnce(std::io::Error) -> BackupError {
    let path = path.to_owned();
    move |why| BackupError::File { path, why }
}

/// The image at `path`, or the newest of those in the folder `path`.
///
/// # Errors
/// When there is none.
pub fn find(path: &Path) -> Result<PathBuf> {
    if manifest::file(path).is_file() {
        return Ok(path.to_owned());
    }
    let inside = std::fs::read_dir(path).map_err(at(path))?.filter_map(std::result::Result::ok);
    let whole = inside.map(|entry| entry.path()).filter(|entry| manifest::file(entry).is_file());
    // The names begin with the moment.
    whole.max().ok_or_else(|| BackupError::NoImage(path.to_owned()))
}
