//! Backups: a whole image of the chain in one folder, proved before anything relies on it.
//!
//! An image is a folder: `hq.db` (every table, as the embedded database keeps them, from either database),
//! the certificate that tills trust with its key, and `manifest.json`, written last.

pub mod erasures;
pub mod failure;
pub mod image;
pub mod manifest;
pub mod restore;
pub mod schedule;
pub mod verify;
