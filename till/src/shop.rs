//! What headquarters decided for this till: who it is, its store, staff, programme and keys.

use hardware::scan::ScanRules;
use ledger::id::{StoreId, TerminalId};
use ledger::programme::Programme;
use ledger::store::{Reader, StoreError, programme};
use ledger::time::Zone;
use serde::Deserialize;
use sync::protocol::config::{Config, ConsentText, StaffRow, StoreConfig};

use crate::identity::Identity;
use crate::paper::{Letterhead, Template};

pub struct Shop {
    pub terminal: TerminalId,
    pub till_no: u32,
    /// It was enrolled in another store: there may be a till of its number here.
    pub moved: bool,
    /// Version of the configuration this was read from.
    pub version: u64,
    pub store: StoreConfig,
    pub staff: Vec<StaffRow>,
    pub programme: Programme,
    pub consent: ConsentText,
    pub lookup_key: [u8; 32],
    pub seal_key: [u8; 32],
    /// Ed25519 keys by which HQ's codes and tokens are known.
    pub sign_keys: Vec<Vec<u8>>,
    pub letterhead: Letterhead,
    /// How its scale labels and members' cards look.
    pub scan_rules: ScanRules,
}

impl Shop {
    /// None while no headquarters knows this till, or its configuration has not come yet.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn load(r: &Reader) -> Result<Option<Shop>, StoreError> {
        let (Some(identity), Some(bundle)) = (Identity::load(r)?, programme::current(r)?) else {
            return Ok(None);
        };
        let config: Config = serde_json::from_str(&bundle.body)
            .map_err(|e| StoreError::Unreadable { what: "the configuration", why: e.to_string() })?;
        Ok(Some(Shop {
            terminal: identity.terminal,
            till_no: identity.till_no,
            moved: identity.store != config.store.id,
            version: bundle.version,
            scan_rules: scan_rules(&config.store),
            letterhead: letterhead(&config, identity.till_no),
            store: config.store,
            staff: config.staff,
            programme: config.programme,
            consent: config.consent,
            lookup_key: identity.lookup_key()?,
            seal_key: identity.seal_key()?,
            sign_keys: identity.sign_keys(),
        }))
    }

    pub fn zone(&self) -> Zone {
        self.store.zone
    }

    pub fn store_id(&self) -> &StoreId {
        &self.store.id
    }

    /// Name of a person on receipts; the number of one who left.
    pub fn staff_name(&self, id: &str) -> String {
        self.staff.iter().find(|row| row.id.0 == id).map_or_else(|| id.to_owned(), |row| row.name.clone())
    }
}

/// What headquarters leaves out is as usual; rules that make no sense are, too: the rest of its word counts.
fn scan_rules(store: &StoreConfig) -> ScanRules {
    let Some(given) = &store.scan_rules else { return ScanRules::default() };
    ScanRules::deserialize(given).unwrap_or_else(|error| {
        tracing::error!(%error, "headquarters' rules for scanned codes make no sense");
        ScanRules::default()
    })
}

fn letterhead(config: &Config, till_no: u32) -> Letterhead {
    let store = &config.store;
    Letterhead {
        store: store.name.clone(),
        address: store.address.clone(),
        phone: store.phone.clone(),
        footer: store.receipt_footer.clone(),
        till_no,
        template: template(config),
    }
}

/// One that this till does not understand must not keep it from selling: it prints as it always did.
fn template(config: &Config) -> Template {
    let Some(json) = &config.receipt_template else { return Template::default() };
    Template::read(json).unwrap_or_else(|error| {
        tracing::warn!(%error, "the receipt's template is not understood");
        Template::default()
    })
}
