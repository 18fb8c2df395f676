//! The chain's secrets: made once at init, kept in the database, never shown.

use crypto_box::SecretKey;
use ed25519_dalek::SigningKey;
use ledger::existence::Key;
use ledger::id::Hash;
use ledger::member::phone_hash;
use serde::Deserialize;
use sync::protocol::enrol::HqKeys;
use sync::protocol::signature::{decode, encode, sign};
use sync::protocol::snapshot::MemberRow;

use crate::store::{Read, Result, StoreError, Write};

const SIGN: &str = "key_sign";
const SEAL: &str = "key_seal";
const LOOKUP: &str = "key_lookup";

/// Deliberately without Debug.
pub struct Keys {
    sign: SigningKey,
    seal: SecretKey,
    lookup: [u8; 32],
}

/// What a till seals beside a member who joins, or whose name or number changes.
/// What the salt of a person is derived for.
const SALT: &str = "suanpan 2026-11-22 salt of a person in the log";

#[derive(Deserialize)]
struct Sealed {
    #[serde(default)]
    phone: String,
    #[serde(default)]
    name: String,
}

/// Opened personal data. Deliberately without Debug.
pub struct Personal {
    pub phone: String,
    pub name: String,
    /// Must be the one that the event names, or the blob belongs to somebody else.
    pub phone_hash: Hash,
    /// For the commitment in the log: follows from the sealed bytes, which nobody keeps.
    pub salt: Hash,
}

impl Personal {
    /// None when the blob held no name.
    pub fn name(&self) -> Option<&str> {
        Some(self.name.as_str()).filter(|name| !name.is_empty())
    }

    /// None when the blob held no number.
    pub fn phone_hash(&self) -> Option<&Hash> {
        Some(&self.phone_hash).filter(|_| !self.phone.is_empty())
    }
}

impl Keys {
    /// # Errors
    /// When they cannot be written.
    pub fn make(tx: &dyn Write, random: [[u8; 32]; 3]) -> Result<()> {
        [SIGN, SEAL, LOOKUP].iter().zip(&random).try_for_each(|(name, key)| tx.put_meta(name, key))
    }

    /// # Errors
    /// When they are missing or cannot be read.
    pub fn load(tx: &dyn Read) -> Result<Self> {
        let key = |name: &str| -> Result<[u8; 32]> {
            tx.meta(name)?
                .and_then(|bytes| bytes.try_into().ok())
                .ok_or_else(|| StoreError::Corrupt(format!("{name} is missing")))
        };
        Ok(Keys {
            sign: SigningKey::from_bytes(&key(SIGN)?),
            seal: SecretKey::from_bytes(key(SEAL)?),
            lookup: key(LOOKUP)?,
        })
    }

    /// What a terminal gets at enrolment.
    pub fn for_terminal(&self) -> HqKeys {
        HqKeys {
            sign: vec![encode(self.sign.verifying_key().as_bytes())],
            seal: encode(self.seal.public_key().as_bytes()),
            lookup: encode(&self.lookup),
        }
    }

    /// What was sealed to this headquarters; None when it was not, or is damaged.
    pub fn open_box(&self, sealed: &[u8]) -> Option<Vec<u8>> {
        self.seal.unseal(sealed).ok()
    }

    /// None when the blob was not sealed to this headquarters, or holds something else.
    pub fn unseal(&self, sealed: &str) -> Option<Personal> {
        let plain = self.open_box(&decode(sealed)?)?;
        let Sealed { phone, name } = serde_json::from_slice(&plain).ok()?;
        let phone_hash = phone_hash(&self.lookup, &phone);
        let salt = Hash(blake3::derive_key(SALT, sealed.as_bytes()));
        Some(Personal { phone, name, phone_hash, salt })
    }

    /// Ed25519 over `text`, base64url.
    pub fn sign(&self, text: &str) -> String {
        sign(&self.sign, text)
    }

    /// The key behind every code and token of this chain.
    pub fn signing(&self) -> &SigningKey {
        &self.sign
    }

    /// What tills check them with.
    pub fn public(&self) -> [u8; 32] {
        self.sign.verifying_key().to_bytes()
    }

    pub fn phone_hash(&self, e164: &str) -> Hash {
        phone_hash(&self.lookup, e164)
    }

    /// Card and number as the existence filter knows them.
    pub fn existence(&self, row: &MemberRow) -> [Key; 2] {
        [Key::card(&self.lookup, &row.card_no), Key::phone(&row.phone_hash)]
    }
}
