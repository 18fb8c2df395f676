//! Who this terminal is: given by headquarters at enrolment, kept inside the encrypted ledger.

use ed25519_dalek::SigningKey;
use ledger::id::{Epoch, StoreId, Stream, TerminalId};
use ledger::store::{Reader, StoreError, Tx, journal, settings};
use serde::{Deserialize, Serialize};
use sync::client::Pin;
use sync::protocol::enrol::{EnrolAnswer, HqKeys};
use sync::protocol::signature::{decode, encode};
use sync::store::{Own, config};

const NAME: &str = "till.identity";

#[derive(Clone, Serialize, Deserialize)]
pub struct Identity {
    pub terminal: TerminalId,
    pub store: StoreId,
    pub till_no: u32,
    pub keys: HqKeys,
    pub log_epoch: String,
    /// Address of headquarters as given at enrolment.
    pub url: String,
    /// SHA-256 of headquarters' certificate; None for plain HTTP on this machine.
    pin: Option<String>,
    /// Ed25519, base64url. The ledger's key protects it.
    signing: String,
}

impl Identity {
    pub fn new(answer: EnrolAnswer, url: &str, pin: Option<Pin>, key: &SigningKey) -> Self {
        Identity {
            terminal: answer.terminal,
            store: answer.store,
            till_no: answer.till_no,
            keys: answer.hq_keys,
            log_epoch: answer.log_epoch,
            url: url.to_owned(),
            pin: pin.map(|p| p.to_string()),
            signing: encode(&key.to_bytes()),
        }
    }

    /// # Errors
    /// The ledger cannot be read.
    pub fn load(r: &Reader) -> Result<Option<Self>, StoreError> {
        settings::get_json(r, NAME)
    }

    /// Becomes the terminal: identity and the first stream in one transaction.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn keep(&self, tx: &Tx<'_>, epoch: Epoch) -> Result<(), StoreError> {
        settings::set_json(tx, NAME, self)?;
        journal::open(tx, Stream { terminal: self.terminal, epoch }, None)
    }

    /// Who this till is now: it may have moved to another store since its enrolment.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn own(&self, r: &Reader) -> Result<Own, StoreError> {
        let store = config::current(r)?.map_or_else(|| self.store.clone(), |config| config.store.id);
        Ok(Own { terminal: self.terminal, store })
    }

    /// # Errors
    /// The stored key is not one.
    pub fn signing_key(&self) -> Result<SigningKey, StoreError> {
        let bytes = decode(&self.signing).and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
        let bytes = bytes.ok_or_else(|| unreadable("the terminal's key"))?;
        Ok(SigningKey::from_bytes(&bytes))
    }

    /// # Errors
    /// The stored pin is not one.
    pub fn pin(&self) -> Result<Option<Pin>, StoreError> {
        let parse = |text: &String| text.parse().map_err(|_| unreadable("headquarters' pin"));
        self.pin.as_ref().map(parse).transpose()
    }

    /// Keys the hash by which phone numbers are found.
    ///
    /// # Errors
    /// The stored key is not one.
    pub fn lookup_key(&self) -> Result<[u8; 32], StoreError> {
        key(&self.keys.lookup).ok_or_else(|| unreadable("the lookup key"))
    }

    /// Ed25519 keys of headquarters; one that is none is left out.
    pub fn sign_keys(&self) -> Vec<Vec<u8>> {
        self.keys.sign.iter().filter_map(|text| decode(text)).collect()
    }

    /// X25519 public key to which personal data is sealed.
    ///
    /// # Errors
    /// The stored key is not one.
    pub fn seal_key(&self) -> Result<[u8; 32], StoreError> {
        key(&self.keys.seal).ok_or_else(|| unreadable("the seal key"))
    }
}

fn key(text: &str) -> Option<[u8; 32]> {
    decode(text)?.try_into().ok()
}

fn unreadable(what: &'static str) -> StoreError {
    StoreError::Unreadable { what, why: "it was stored otherwise".to_owned() }
}
