//! HQ's configuration, taken over whole: goods and bundle change together. With that of another store the
//! till stands there (C35).

use ledger::id::{Epoch, Hash};
use ledger::store::journal::{self, Cut};
use ledger::store::programme::{self, Bundle};
use ledger::store::{Ledger, Reader, StoreError, Tx, catalogue};

use crate::protocol::config::Config;

/// # Errors
/// The store's.
pub fn apply(ledger: &Ledger, mut config: Config) -> Result<u64, StoreError> {
    let items = std::mem::take(&mut config.items);
    let body = serde_json::to_string(&config)
        .map_err(|e| StoreError::Unreadable { what: "a configuration", why: e.to_string() })?;
    let bundle = Bundle { version: config.version, body };
    ledger.write(|tx| {
        if current(tx)?.is_some_and(|before| before.store.id != config.store.id) {
            move_to(tx, &config)?;
        }
        catalogue::replace(tx, &items)?;
        programme::put(tx, &bundle)
    })?;
    Ok(bundle.version)
}

/// The till goes on in an epoch of its own: HQ books what it did before to the store where it did it. What
/// that store was lent stays there.
fn move_to(tx: &Tx<'_>, config: &Config) -> Result<(), StoreError> {
    let Some(state) = journal::head(tx)? else { return Ok(()) };
    // Follows from the history, so that two copies of one till part here only if they had parted before.
    let name =
        Hash::of(format!("moved:{}:{}:{}", state.head_hash, config.store.id, config.version).as_bytes());
    let random = name.0[..8].iter().fold(0, |random, byte| random << 8 | u64::from(*byte));
    let cut = Cut { epoch: state.stream.epoch, last_seq: state.last_seq };
    journal::branch(tx, &[cut], after_all(tx, random)?)?;
    tracing::warn!(store = %config.store.id, "the till stands in another store from now on");
    Ok(())
}

/// An epoch above every one that the till had: up to there HQ books to the store where it stood before.
fn after_all(r: &Reader, random: u64) -> Result<Epoch, StoreError> {
    let own = Epoch::own(random);
    let highest = journal::streams(r)?.into_iter().map(|state| state.stream.epoch).max();
    let beyond = |highest: Epoch| Epoch(highest.0 + 1 + (random & u64::from(u32::MAX)));
    Ok(highest.filter(|highest| *highest >= own).map_or(own, beyond))
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
