//! What every request can reach.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};

use ledger::id::{StoreId, TerminalId};
use ledger::time::{MINUTE_MS, Timestamp};
use tokio::sync::watch;

use crate::auth::attempts::Attempts;
use crate::auth::nonces::Nonces;
use crate::config::Clock;
use crate::decide::reconsider_kinds;
pub use crate::entries::CONFIG_VERSION;
use crate::entries::Scribe;
use crate::error::{ApiError, ApiResult, wire};
use crate::feed::Feed;
use crate::gates::Gates;
use crate::keys::Keys;
use crate::packs::Shelf;
use crate::store::again::until_settled;
use crate::store::model::TerminalRow;
use crate::store::{Result, Store, StoreError};
pub use crate::timeline::LOG_EPOCH;
use crate::timeline::log_epoch;
use sync::protocol::problem::ProblemCode;

pub const PROGRAMME: &str = "programme";
pub const CONSENT: &str = "consent";
/// `tls` or `http`: what `code` must pin.
pub const TRANSPORT: &str = "transport";

/// A contact this much newer than the one on record is written down.
const CONTACT_KEPT_MS: i64 = 5 * MINUTE_MS;

pub type Shared = Arc<App>;

/// Version, and the bytes on the wire.
pub type BuiltConfig = (u64, Arc<Vec<u8>>);

pub struct App {
    pub store: Arc<dyn Store>,
    pub clock: Clock,
    pub keys: Keys,
    pub feed: Feed,
    /// The list of erasures beside the database, once the server knows its folder.
    pub erasures: OnceLock<PathBuf>,
    pub gates: Gates,
    /// What new tills begin with, once the server knows its folder.
    pub packs: Shelf,
    pub nonces: Nonces,
    pub guesses: Attempts,
    /// Built configurations by store.
    pub configs: Mutex<HashMap<StoreId, BuiltConfig>>,
    log_epoch: RwLock<Arc<str>>,
    contacts: Mutex<HashMap<TerminalId, Timestamp>>,
    closing: watch::Sender<bool>,
}

impl App {
    /// Loads what an initialised database holds, and decides what an older version could not.
    ///
    /// # Errors
    /// When the database was not initialised or cannot be read.
    pub fn open(store: Arc<dyn Store>, clock: Clock) -> Result<Shared> {
        until_settled(|first| {
            let tx = store.write()?;
            tx.lock(first)?;
            reconsider_kinds(&mut Scribe::new(&*tx, clock.now()))?;
            tx.commit()
        })?;
        let tx = store.read()?;
        let text = |key: &str| -> Result<String> {
            tx.meta(key)?
                .and_then(|bytes| String::from_utf8(bytes).ok())
                .ok_or_else(|| StoreError::Corrupt(format!("{key} is missing")))
        };
        let config_version = text(CONFIG_VERSION)?.parse().unwrap_or(0);
        let app = App {
            keys: Keys::load(&*tx)?,
            log_epoch: RwLock::new(log_epoch(&*tx)?.into()),
            gates: Gates::default(),
            erasures: OnceLock::new(),
            packs: Shelf::default(),
            feed: Feed::new(&tx.heads()?, config_version),
            clock,
            nonces: Nonces::default(),
            guesses: Attempts::default(),
            configs: Mutex::default(),
            contacts: Mutex::default(),
            closing: watch::Sender::new(false),
            store: store.clone(),
        };
        drop(tx);
        Ok(Arc::new(app))
    }

    /// The log's name as this process last heard it.
    pub fn log_epoch(&self) -> Arc<str> {
        self.log_epoch.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The log's name was read from the database, or given anew.
    pub fn name_log(&self, name: &str) {
        if *self.log_epoch() != *name {
            *self.log_epoch.write().unwrap_or_else(PoisonError::into_inner) = name.into();
        }
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub fn contact(&self, terminal: TerminalId, at: Timestamp) {
        self.contacts.lock().unwrap_or_else(PoisonError::into_inner).insert(terminal, at);
    }

    /// Writes down when each till was last heard of, for what looks only at the database.
    ///
    /// # Errors
    /// What the database reports.
    pub fn keep_contacts(&self) -> Result<()> {
        let heard = self.contacts.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let tx = self.store.write()?;
        for row in tx.terminals()? {
            let Some(at) = heard.get(&row.id).copied() else { continue };
            if at.since(row.last_contact) >= CONTACT_KEPT_MS {
                tx.put_terminal(&TerminalRow { last_contact: at, ..row })?;
            }
        }
        tx.commit()
    }

    /// The last signed request or heartbeat taken since the start of this process.
    pub fn last_contact(&self, terminal: TerminalId) -> Option<Timestamp> {
        self.contacts.lock().unwrap_or_else(PoisonError::into_inner).get(&terminal).copied()
    }

    /// Ends every waiting answer; new requests are not the app's concern.
    pub fn close(&self) {
        self.closing.send_replace(true);
    }

    pub fn closing(&self) -> watch::Receiver<bool> {
        self.closing.subscribe()
    }
}

/// Runs database work where blocking is allowed.
///
/// # Errors
/// The work's own; `internal` when it panicked.
pub async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> ApiResult<T> + Send + 'static,
) -> ApiResult<T> {
    match tokio::task::spawn_blocking(work).await {
        Ok(answer) => answer,
        Err(_) => Err::<T, ApiError>(wire(ProblemCode::Internal, "the request could not be finished")),
    }
}
