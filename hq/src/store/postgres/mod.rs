//! A database server that several headquarters share. Each transaction holds the rows of the logs that
//! it writes to, so their numbers are dense and in the order of commits, whichever process decides.

use ledger::id::TerminalId;
use ledger::time::Timestamp;

use super::{Read, Result, Store, Write};

mod address;
mod copy;
mod fetch;
mod known;
mod link;
mod migrate;
mod pool;
mod read;
mod rows;
mod scout;
mod tx;
mod value;
mod view;
mod write;

pub use address::Address;
use pool::Pool;
use tx::Tx;
use value::values;

/// The text of one query; each lies in a file of its own.
macro_rules! sql {
    ($name:literal) => {
        include_str!(concat!("sql/", $name, ".sql"))
    };
}
use sql;

pub struct Postgres {
    pool: Pool,
}

impl Postgres {
    /// Connects and brings the schema up to date.
    ///
    /// # Errors
    /// When the server cannot be reached, refuses, or holds the tables of a newer version.
    pub fn open(address: &Address) -> Result<Self> {
        let pool = Pool::new(address.config().clone())?;
        let link = pool.take()?;
        let migrated = migrate::migrate(&link);
        pool.give(link);
        migrated.map(|()| Postgres { pool })
    }
}

impl Postgres {
    /// How often this process asked the server and waited: a figure that no neighbour can change.
    pub fn round_trips(&self) -> u64 {
        self.pool.round_trips()
    }
}

impl Store for Postgres {
    fn read(&self) -> Result<Box<dyn Read + '_>> {
        Ok(Box::new(Tx::reader(&self.pool)?))
    }

    fn write(&self) -> Result<Box<dyn Write + '_>> {
        Ok(Box::new(Tx::writer(&self.pool)?))
    }

    fn is_shared(&self) -> bool {
        true
    }

    fn note_nonce(&self, terminal: TerminalId, nonce: [u8; 16], now: Timestamp) -> Result<bool> {
        let tx = Tx::writer(&self.pool)?;
        let first = tx.note_nonce(values![terminal.0, nonce.as_slice(), now])?;
        tx.commit().map(|()| first)
    }

    fn forget_nonces(&self, before: Timestamp) -> Result<()> {
        let tx = Tx::writer(&self.pool)?;
        tx.change(sql!("nonces_forget"), values![before])?;
        tx.commit()
    }
}
