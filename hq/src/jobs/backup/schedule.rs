//! Backups by the clock, each proved before tills may rely on it.

use std::path::PathBuf;

use ledger::time::Timestamp;

use super::erasures;
use super::failure::{BackupError, Result, at};
use super::image::make;
use super::manifest::{Manifest, find};
use super::verify::{mark_stable, prove};
use crate::config::DataDir;
use crate::store::Store;

/// Where and how often.
#[derive(Clone, Debug)]
pub struct Schedule {
    pub folder: PathBuf,
    /// Holds the certificate.
    pub data: DataDir,
    pub every_ms: i64,
}

impl Schedule {
    /// Keeps the list of erasures up to date and makes an image when the newest is too old.
    ///
    /// # Errors
    /// When a file cannot be written, or an image does not prove whole: nothing becomes stable then.
    pub fn tick(&self, store: &dyn Store, now: Timestamp) -> Result<()> {
        DataDir::new(&self.folder).make().map_err(at(&self.folder))?;
        erasures::write(store, &erasures::file(&self.folder))?;
        if !self.is_due(now)? {
            return Ok(());
        }
        let image = make(store, &self.data, &self.folder, now)?;
        let newly_stable = mark_stable(store, &prove(&image)?)?;
        tracing::info!(image = %image.display(), newly_stable, "a backup was made and proved");
        Ok(())
    }

    fn is_due(&self, now: Timestamp) -> Result<bool> {
        match find(&self.folder) {
            Ok(newest) => Ok(now.since(Manifest::read(&newest)?.made_at) >= self.every_ms),
            Err(BackupError::NoImage(_)) => Ok(true),
            Err(error) => Err(error),
        }
    }
}
