//! The operating system's own key store.

use std::path::Path;

use keyring::{Entry, Error};
use zeroize::Zeroizing;

use super::{Key, KeyStore};
use crate::refusal::Refusal;

const SERVICE: &str = "suanpan-till";

/// One entry per data folder, so that a practice ledger never gets the shop's key.
pub struct SystemStore {
    folder: String,
}

impl SystemStore {
    pub fn of(data: &Path) -> Self {
        Self { folder: data.display().to_string() }
    }

    fn entry(&self) -> Result<Entry, Refusal> {
        Entry::new(SERVICE, &self.folder).map_err(|e| unusable(&e))
    }
}

impl KeyStore for SystemStore {
    fn load(&self) -> Result<Option<Key>, Refusal> {
        let secret = match self.entry()?.get_secret() {
            Ok(secret) => Zeroizing::new(secret),
            Err(Error::NoEntry) => return Ok(None),
            Err(other) => return Err(unusable(&other)),
        };
        let key = <[u8; 32]>::try_from(secret.as_slice())
            .map_err(|_| Refusal::new("系统密钥库里的账本密钥不完整,请恢复原来的密钥后再启动"))?;
        Ok(Some(Zeroizing::new(key)))
    }

    fn keep(&self, key: &Key) -> Result<(), Refusal> {
        self.entry()?.set_secret(key.as_slice()).map_err(|e| unusable(&e))
    }

    fn lies_on_disk(&self) -> bool {
        false
    }
}

/// The sentence is for the person in front of it; the library's own words go to the log, less those that
/// carry the secret itself.
fn unusable(error: &Error) -> Refusal {
    match error {
        Error::BadEncoding(_) | Error::BadDataFormat(..) => {
            tracing::error!("the key store's entry cannot be read")
        }
        other => tracing::error!(error = %other, "the key store does not work"),
    }
    Refusal::new("系统密钥库没有开启或不能使用,请开启它,或用 --key-file 指定数据文件夹以外的密钥文件")
}
