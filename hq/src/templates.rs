//! Templates of receipts: one for the chain, others for single stores, each with its earlier versions.

use ledger::id::StoreId;
use ledger::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::store::{Read, Result, StoreError, Write};

/// So many versions stay to go back to.
const EARLIER_MAX: usize = 9;

/// A template as it was saved; without one the till's own is used, or for a store the chain's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Version {
    /// From 1.
    pub version: u32,
    pub saved_at: Timestamp,
    pub saved_by: String,
    pub template: Option<Value>,
}

/// The newest version and those before it, newest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    #[serde(flatten)]
    pub newest: Version,
    pub earlier: Vec<Version>,
}

fn place(store: Option<&StoreId>) -> String {
    store.map_or_else(|| "receipt_template".to_owned(), |store| format!("receipt_template/{store}"))
}

/// What was saved for a store, or for the chain.
///
/// # Errors
/// What the database reports.
pub fn kept(tx: &dyn Read, store: Option<&StoreId>) -> Result<Option<Kept>> {
    let Some(bytes) = tx.meta(&place(store))? else { return Ok(None) };
    serde_json::from_slice(&bytes).map(Some).map_err(|e| StoreError::Corrupt(format!("a template: {e}")))
}

/// What the tills of a store print by; None leaves it to them.
///
/// # Errors
/// What the database reports.
pub fn of_store(tx: &dyn Read, store: &StoreId) -> Result<Option<Value>> {
    let own = kept(tx, Some(store))?.and_then(|kept| kept.newest.template);
    match own {
        Some(template) => Ok(Some(template)),
        None => Ok(kept(tx, None)?.and_then(|kept| kept.newest.template)),
    }
}

/// Saves a new version on top of version `edited` (0: there was none). None when somebody else was first.
///
/// # Errors
/// What the database reports.
pub fn save(
    tx: &dyn Write,
    store: Option<&StoreId>,
    edited: u32,
    made: impl FnOnce(u32) -> Version,
) -> Result<Option<Kept>> {
    let before = kept(tx, store)?;
    if before.as_ref().map_or(0, |kept| kept.newest.version) != edited {
        return Ok(None);
    }
    let mut earlier: Vec<Version> =
        before.map_or(Vec::new(), |kept| std::iter::once(kept.newest).chain(kept.earlier).collect());
    earlier.truncate(EARLIER_MAX);
    let kept = Kept { newest: made(edited + 1), earlier };
    let bytes = serde_json::to_vec(&kept).map_err(|e| StoreError::Corrupt(e.to_string()))?;
    tx.put_meta(&place(store), &bytes)?;
    Ok(Some(kept))
}
