//! What the chain decides for this till, as one JSON text: store, staff, programme. Goods are in
//! `catalogue`.

use super::error::StoreError;
use super::tx::{Reader, Tx};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bundle {
    pub version: u64,
    /// JSON; its shape belongs to the protocol.
    pub body: String,
}

/// # Errors
/// The store's.
pub fn current(r: &Reader) -> Result<Option<Bundle>, StoreError> {
    r.first(include_str!("current.sql"), [], |row| {
        Ok(Bundle { version: row.get::<_, i64>(0)?.cast_unsigned(), body: row.get(1)? })
    })
}

/// The version in force, 0 before the first.
///
/// # Errors
/// The store's.
pub fn version(r: &Reader) -> Result<u64, StoreError> {
    let version: Option<i64> = r.first(include_str!("version.sql"), [], |row| row.get(0))?;
    Ok(version.unwrap_or(0).cast_unsigned())
}

/// # Errors
/// The store's.
pub fn put(tx: &Tx<'_>, bundle: &Bundle) -> Result<(), StoreError> {
    tx.execute(include_str!("put.sql"), (bundle.version.cast_signed(), &bundle.body))?;
    Ok(())
}
