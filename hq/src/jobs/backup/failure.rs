//! Why an image could not be made, proved or restored.

use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::orders::OrderError;
use crate::store::StoreError;

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
    #[error("who was erased could not be erased again: {0}")]
    Erasure(#[from] OrderError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

pub type Result<T> = std::result::Result<T, BackupError>;

/// Names the file in a failure.
pub fn at(path: &Path) -> impl FnOnce(std::io::Error) -> BackupError {
    let path = path.to_owned();
    move |why| BackupError::File { path, why }
}
