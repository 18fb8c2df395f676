//! `POST /v1/enrol`: a one-time code makes a machine a terminal. The only unsigned request.

use ledger::id::{Epoch, StoreId, TerminalId};
use serde::{Deserialize, Serialize};
use std::fmt;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolRequest {
    /// `ABCD-EFGH-XXXX-XXXX`, Crockford base32; the last eight are the first 40 bits of the SHA-256 of
    /// the server's certificate, so that the code itself pins it.
    pub code: String,
    /// Ed25519, base64url without padding.
    pub public_key: String,
    pub app_version: String,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolAnswer {
    pub terminal: TerminalId,
    pub store: StoreId,
    /// Number of the till within its store, as printed on receipts.
    pub till_no: u32,
    pub epoch: Epoch,
    pub hq_keys: HqKeys,
    pub log_epoch: String,
}

/// Keys a till needs. `lookup` is secret: it never reaches a log.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HqKeys {
    /// Ed25519 public keys that sign coupon and member codes, newest first, base64url.
    pub sign: Vec<String>,
    /// X25519 public key to which personal data is sealed (libsodium sealed box), base64url.
    pub seal: String,
    /// 32 bytes, base64url: keys the hash by which phone numbers are found.
    pub lookup: String,
}

impl fmt::Debug for HqKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HqKeys(..)")
    }
}

impl fmt::Debug for EnrolAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EnrolAnswer(terminal {}, {})", self.terminal, self.store)
    }
}
