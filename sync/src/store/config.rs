//! HQ's configuration, taken over whole: goods and bundle change together.

use ledger::store::programme::{self, Bundle};
use ledger::store::{Ledger, Reader, StoreError, catalogue};

use crate::protocol::config::Config;

/// # Errors
/// The store's.
pub fn apply(ledger: &Ledger, mut config: Config) -> Result<u64, StoreError> {
    let items = std::mem::take(&mut config.items);
    let body = serde_json::to_string(&config)
        .map_err(|e| StoreError::Unreadable { what: "a configuration", why: e.to_string() })?;
    let bundle = Bundle { version: config.version, body };
    ledger.write(|tx| {
        catalogue::replace(tx, &items)?;
        programme::put(tx, &bundle)
    })?;
    Ok(bundle.version)
}

/// The configuration in force, without its goods; None before the first contact.
///
/// # Errors
/// The store's.
pub fn current(r: &Reader) -> Result<Option<Config>, StoreError> {
    let Some(bundle) = programme::current(r)? else { return Ok(None) };
    serde_json::from_str(&bundle.body)
        .map(Some)
        .map_err(|e| StoreError::Unreadable { what: "a configuration", why: e.to_string() })
}
