//! One connection, as every part of the store opens it: the key first, then the pragmas.

use std::fmt;
use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use super::error::StoreError;

/// The 32 bytes that encrypt the ledger. They never reach a log.
#[derive(Clone, PartialEq, Eq)]
pub struct Key(pub [u8; 32]);

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(..)")
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// The ledger itself: a commit is on the disk when it returns.
    Write,
    Read,
    /// The cart being typed: kept through a crash of the program, and through a power cut up to the
    /// last moments, without waiting for the disk at each scan.
    Draft,
}

const STATEMENTS_MAX: usize = 256;

pub(super) fn connect(path: &Path, key: &Key, access: Access) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let flags = if access == Access::Read { flags } else { flags | OpenFlags::SQLITE_OPEN_CREATE };
    let conn = Connection::open_with_flags(path, flags)?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
    // SQLCipher would write to stderr what it also returns as an error.
    conn.pragma_update(None, "cipher_log_level", "NONE")?;
    conn.pragma_update(None, "key", raw_key(key))?;
    conn.execute_batch(match access {
        // Checkpoints run from another connection when the till is idle, never inside a checkout.
        Access::Write => {
            "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
             PRAGMA wal_autocheckpoint = 0; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;
             PRAGMA cache_size = -16000;"
        }
        Access::Read => {
            "PRAGMA busy_timeout = 5000; PRAGMA query_only = ON; PRAGMA temp_store = MEMORY;
             PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -16000;"
        }
        // As for the ledger: no scan waits for a checkpoint.
        Access::Draft => {
            "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
             PRAGMA wal_autocheckpoint = 0; PRAGMA temp_store = MEMORY;"
        }
    })?;
    Ok(conn)
}

/// SQLCipher takes 32 raw bytes as they are: no derivation, no cost at each open.
fn raw_key(key: &Key) -> String {
    let digits: String = key.0.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("x'{digits}'")
}
