//! Where the ledger's key lies: the system's key store, or a file outside the data folder.
//!
//! Without either the till does not start. Windows uses the Credential Manager, macOS the Keychain,
//! Linux the Secret Service; all three behind the one adapter in `os`.

mod key_file;
mod memory;
mod os;

pub use key_file::KeyFile;
pub use memory::Memory;
pub use os::SystemStore;
use zeroize::Zeroizing;

use crate::refusal::Refusal;

/// Raw 32 bytes that open the ledger; wiped from memory when dropped.
pub type Key = Zeroizing<[u8; 32]>;

pub trait KeyStore {
    /// The key kept here; None when there never was one.
    ///
    /// # Errors
    /// The store cannot be used on this machine, in one sentence.
    fn load(&self) -> Result<Option<Key>, Refusal>;

    /// Keeps a new key.
    ///
    /// # Errors
    /// As [`KeyStore::load`].
    fn keep(&self, key: &Key) -> Result<(), Refusal>;

    /// True when anyone who can read the disk can read the key: worth a lasting warning.
    fn lies_on_disk(&self) -> bool;
}

/// The key of the ledger. A new one is made only where there is no ledger yet: a new key for an old
/// ledger would lock the shop out of its unsent sales.
///
/// # Errors
/// The store cannot be used, or the key of an existing ledger is gone.
pub fn open(store: &dyn KeyStore, ledger_exists: bool, fresh: [u8; 32]) -> Result<Key, Refusal> {
    match store.load()? {
        Some(key) => Ok(key),
        None if ledger_exists => {
            Err(Refusal::new("找不到打开账本的密钥,账本没有改动;请恢复原来的密钥后再启动"))
        }
        None => {
            let key = Zeroizing::new(fresh);
            store.keep(&key)?;
            Ok(key)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_found_again() {
        let store = Memory::default();
        assert_eq!(*open(&store, false, [1; 32]).unwrap(), [1; 32]);
        assert_eq!(*open(&store, true, [2; 32]).unwrap(), [1; 32]);
    }

    #[test]
    fn a_ledger_whose_key_is_gone_gets_no_new_one() {
        let store = Memory::default();
        assert!(open(&store, true, [1; 32]).is_err());
        assert!(store.load().unwrap().is_none());
    }
}
