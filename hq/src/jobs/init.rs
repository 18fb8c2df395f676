//! Makes a chain: keys, log, first administrator, settings; with the demo shop when asked for.

use ledger::id::Hash;
use ledger::programme::Programme;
use ledger::time::Timestamp;
use serde::{Deserialize, Serialize};
use sync::decide;
use sync::protocol::config::ConsentText;
use uuid::Uuid;

use crate::app::{CONFIG_VERSION, CONSENT, LOG_EPOCH, PROGRAMME};
use crate::auth::code;
use crate::auth::operator::{ADMIN, hash_password};
use crate::config::Clock;
use crate::jobs::demo;
use crate::keys::Keys;
use crate::store::{Result, Store, StoreError, Write};

/// What a new chain starts with where nobody says otherwise.
const SETTINGS: &str = include_str!("../../../fixtures/demo/programme.json");

#[derive(Deserialize)]
struct Settings {
    programme: Programme,
    consent: ConsentText,
}

/// Everything random that a new chain needs.
pub struct Seeds {
    pub keys: [[u8; 32]; 3],
    pub log_epoch: [u8; 16],
    pub password: [u8; 5],
    pub salt: [u8; 16],
}

/// What `init` prints. The password is shown here and nowhere else.
#[derive(Serialize)]
pub struct Made {
    pub initialised: bool,
    pub operator: &'static str,
    pub one_time_password: String,
    pub members: u32,
}

/// # Errors
/// When the database holds a chain already, or cannot be written.
pub fn init(store: &dyn Store, seeds: Seeds, clock: Clock, demo_members: Option<u32>) -> Result<Made> {
    let tx = store.write()?;
    if tx.meta(LOG_EPOCH)?.is_some() {
        return Err(StoreError::Exists);
    }
    Keys::make(&*tx, seeds.keys)?;
    settings(&*tx, clock.now())?;
    let one_time_password = code::spell(seeds.password, seeds.keys_tail());
    tx.put_operator(ADMIN, &hash_password(&one_time_password, seeds.salt)?, true)?;
    if demo_members.is_some() {
        demo::shop(&*tx)?;
    }
    tx.commit()?;
    let members = demo_members.unwrap_or(0);
    if members > 0 {
        demo::members::load(store, members, clock.now())?;
    }
    // Last: a chain without its log's name was not made to the end.
    let tx = store.write()?;
    let log_epoch = uuid::Builder::from_random_bytes(seeds.log_epoch).into_uuid();
    tx.put_meta(LOG_EPOCH, Uuid::to_string(&log_epoch).as_bytes())?;
    tx.commit()?;
    Ok(Made { initialised: true, operator: ADMIN, one_time_password, members })
}

impl Seeds {
    /// Bits for the second half of the password, not those of any key.
    fn keys_tail(&self) -> [u8; 5] {
        let digest = Hash::of(&[&self.keys[0][..], &self.password, &self.salt].concat());
        [digest.0[0], digest.0[1], digest.0[2], digest.0[3], digest.0[4]]
    }
}

fn settings(tx: &dyn Write, now: Timestamp) -> Result<()> {
    let settings: Settings =
        serde_json::from_str(SETTINGS).map_err(|e| StoreError::Corrupt(format!("settings: {e}")))?;
    let json = |value: std::result::Result<Vec<u8>, serde_json::Error>| {
        value.map_err(|e| StoreError::Corrupt(e.to_string()))
    };
    for keep in decide::programme::publish(tx, &settings.programme, now)? {
        tx.keep(&keep)?;
    }
    tx.put_meta(PROGRAMME, &json(serde_json::to_vec(&settings.programme))?)?;
    tx.put_meta(CONSENT, &json(serde_json::to_vec(&settings.consent))?)?;
    tx.put_meta(CONFIG_VERSION, b"1")
}
