//! What people decide for the chain or for single stores and may want back: receipts' templates and the rules for
//! scanned codes, each with its earlier versions.

use ledger::id::StoreId;
use ledger::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sync::protocol::config::StoreConfig;

use crate::store::{Read, Result, StoreError, Write};

/// So many versions stay to go back to.
const EARLIER_MAX: usize = 9;

/// What is kept in versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Matter {
    ReceiptTemplate,
    ScanRules,
}

impl Matter {
    fn place(self, store: Option<&StoreId>) -> String {
        let name = match self {
            Matter::ReceiptTemplate => "receipt_template",
            Matter::ScanRules => "scan_rules",
        };
        store.map_or_else(|| name.to_owned(), |store| format!("{name}/{store}"))
    }
}

/// A version as it was saved; without a body the tills' own is used, or for a store the chain's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Version {
    /// From 1.
    pub version: u32,
    pub saved_at: Timestamp,
    pub saved_by: String,
    /// Databases of earlier builds say `template`.
    #[serde(alias = "template")]
    pub body: Option<Value>,
}

/// The newest version and those before it, newest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    #[serde(flatten)]
    pub newest: Version,
    pub earlier: Vec<Version>,
}

/// What was saved for a store, or for the chain.
///
/// # Errors
/// What the database reports.
pub fn kept(tx: &dyn Read, matter: Matter, store: Option<&StoreId>) -> Result<Option<Kept>> {
    let place = matter.place(store);
    let Some(bytes) = tx.meta(&place)? else { return Ok(None) };
    serde_json::from_slice(&bytes).map(Some).map_err(|e| StoreError::Corrupt(format!("{place}: {e}")))
}

fn of_chain(tx: &dyn Read, matter: Matter) -> Result<Option<Value>> {
    Ok(kept(tx, matter, None)?.and_then(|kept| kept.newest.body))
}

/// What the tills of a store print by; None leaves it to them.
///
/// # Errors
/// What the database reports.
pub fn template_of(tx: &dyn Read, store: &StoreId) -> Result<Option<Value>> {
    let matter = Matter::ReceiptTemplate;
    match kept(tx, matter, Some(store))?.and_then(|kept| kept.newest.body) {
        Some(own) => Ok(Some(own)),
        None => of_chain(tx, matter),
    }
}

/// How the tills of a store read codes; None leaves it to them. What was imported with the store counts until
/// somebody decides for that store in the console.
///
/// # Errors
/// What the database reports.
pub fn rules_of(tx: &dyn Read, store: &StoreConfig) -> Result<Option<Value>> {
    let matter = Matter::ScanRules;
    let own = match kept(tx, matter, Some(&store.id))? {
        Some(kept) => kept.newest.body,
        None => store.scan_rules.clone(),
    };
    match own {
        Some(own) => Ok(Some(own)),
        None => of_chain(tx, matter),
    }
}

/// Saves a new version on top of version `edited` (0: there was none). None when somebody else was first.
///
/// # Errors
/// What the database reports.
pub fn save(
    tx: &dyn Write,
    matter: Matter,
    store: Option<&StoreId>,
    edited: u32,
    made: impl FnOnce(u32) -> Version,
) -> Result<Option<Kept>> {
    let before = kept(tx, matter, store)?;
    if before.as_ref().map_or(0, |kept| kept.newest.version) != edited {
        return Ok(None);
    }
    let mut earlier: Vec<Version> =
        before.map_or(Vec::new(), |kept| std::iter::once(kept.newest).chain(kept.earlier).collect());
    earlier.truncate(EARLIER_MAX);
    let kept = Kept { newest: made(edited + 1), earlier };
    let bytes = serde_json::to_vec(&kept).map_err(|e| StoreError::Corrupt(e.to_string()))?;
    tx.put_meta(&matter.place(store), &bytes)?;
    Ok(Some(kept))
}
