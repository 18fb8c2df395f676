//! Small settings of this installation by name: identity, keys, preferences.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::StoreError;
use super::tx::{Reader, Tx};

/// # Errors
/// The store's.
pub fn get(r: &Reader, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
    r.first(include_str!("get.sql"), [name], |row| row.get(0))
}

/// # Errors
/// The store's.
pub fn set(tx: &Tx<'_>, name: &str, value: &[u8]) -> Result<(), StoreError> {
    tx.execute(include_str!("set.sql"), (name, value))?;
    Ok(())
}

/// # Errors
/// The store's.
pub fn remove(tx: &Tx<'_>, name: &str) -> Result<(), StoreError> {
    tx.execute(include_str!("remove.sql"), [name])?;
    Ok(())
}

/// # Errors
/// [`StoreError::Unreadable`] when the value is not the JSON of a `T`.
pub fn get_json<T: DeserializeOwned>(r: &Reader, name: &str) -> Result<Option<T>, StoreError> {
    get(r, name)?
        .map(|bytes| serde_json::from_slice(&bytes).map_err(|e| StoreError::unreadable("a setting", e)))
        .transpose()
}

/// # Errors
/// The store's.
pub fn set_json<T: Serialize>(tx: &Tx<'_>, name: &str, value: &T) -> Result<(), StoreError> {
    let bytes = serde_json::to_vec(value).map_err(|e| StoreError::unreadable("a setting", e))?;
    set(tx, name, &bytes)
}
