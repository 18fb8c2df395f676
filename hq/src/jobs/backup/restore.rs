//! Puts an image into an empty place. The log gets a new name, so every till offers again what the image
//! does not hold; whoever was erased since is erased again before anybody asks.

use std::path::Path;

use ledger::time::Timestamp;

use super::erasures;
use super::failure::{BackupError, Result, at};
use super::manifest;
use super::verify::{Proof, prove};
use crate::config::DataDir;
use crate::jobs::move_database;
use crate::orders::erasures::outlive_backups;
use crate::store::Store;
use crate::store::sqlite::Sqlite;
use crate::timeline::rotate_log_epoch;

/// What a restore did.
#[derive(Debug)]
pub struct Restored {
    pub proof: Proof,
    pub log_epoch: String,
    /// Members who were erased after the image was made.
    pub erased: usize,
}

/// Restores the image into the data folder, and from there into `other` when the chain is to live in
/// another database.
///
/// # Errors
/// When the image is not whole, the place is not empty, or a file cannot be written.
pub fn restore(image: &Path, data: &DataDir, other: Option<&dyn Store>, now: Timestamp) -> Result<Restored> {
    let proof = prove(image)?;
    data.make().map_err(at(data.path()))?;
    let file = data.database();
    if file.exists() {
        return Err(BackupError::Occupied);
    }
    for path in [data.certificate(), data.certificate_key()] {
        let saved = path.file_name().map(|name| image.join(name)).filter(|saved| saved.is_file());
        if let Some(saved) = saved {
            std::fs::copy(&saved, &path).map_err(at(&saved))?;
        }
    }
    std::fs::copy(manifest::database(image), &file).map_err(at(&file))?;
    let embedded = Sqlite::open(&file)?;
    erasures::inherit(image, &data.erasures())?;
    let Some(other) = other else { return finish(&embedded, data, proof, now) };
    let moved = move_database::run(&embedded, other)?;
    drop(embedded);
    std::fs::remove_file(&file).map_err(at(&file))?;
    if !moved.agree() {
        return Err(BackupError::Broken("the restored database is not what the image holds".to_owned()));
    }
    finish(other, data, proof, now)
}

/// Nobody is served between the new name of the log and the last erasure.
fn finish(store: &dyn Store, data: &DataDir, proof: Proof, now: Timestamp) -> Result<Restored> {
    let tx = store.write()?;
    let log_epoch = rotate_log_epoch(&*tx, "restored from a backup", now)?;
    tx.commit()?;
    let erased = outlive_backups(store, now, &data.erasures())?;
    Ok(Restored { proof, log_epoch, erased })
}
