//! The embedded database: one file, WAL, every commit synced, one writer, many readers.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::remembered::Remembered;
use super::{Read, Result, Store, StoreError, Write};

mod copy;
mod heads;
mod read;
pub(super) mod rows;
mod view;
mod write;

/// Every schema step ever shipped, in order; `user_version` counts them.
const MIGRATIONS: [&str; 4] = [
    include_str!("migrations/0001_begin.sql"),
    include_str!("migrations/0002_spending.sql"),
    include_str!("migrations/0003_scan_rules.sql"),
    include_str!("migrations/0004_interest_store.sql"),
];
/// A command-line tool may write while the server runs.
const BUSY: Duration = Duration::from_secs(10);
/// Holds the pages that phone numbers, spread evenly, are claimed on.
const WRITER_CACHE_KIB: i64 = 128 * 1024;
const STATEMENTS_MAX: usize = 160;
/// Pages in the log before they move into the main file. Sales come back to the same pages, so the more of
/// them move at once, the fewer are written twice.
const LOG_PAGES: i64 = 8_000;

/// 3.51.3: before it, two connections that wrote and checkpointed at once could damage the file.
const SQLITE_MIN: i32 = 3_051_003;

pub struct Sqlite {
    file: PathBuf,
    writer: Mutex<Connection>,
    readers: Mutex<Vec<Connection>>,
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        StoreError::Database(error.to_string())
    }
}

impl Sqlite {
    /// Opens or makes the file and brings its schema up to date.
    ///
    /// # Errors
    /// When the file cannot be opened, or was made by a newer version, or SQLite is too old.
    pub fn open(file: &Path) -> Result<Self> {
        if rusqlite::version_number() < SQLITE_MIN {
            return Err(StoreError::SqliteTooOld(rusqlite::version().to_owned()));
        }
        let mut writer = connect(file, OpenFlags::default())?;
        writer.pragma_update(None, "journal_mode", "WAL")?;
        writer.pragma_update(None, "synchronous", "FULL")?;
        writer.pragma_update(None, "cache_size", -WRITER_CACHE_KIB)?;
        writer.pragma_update(None, "wal_autocheckpoint", LOG_PAGES)?;
        migrate(&mut writer)?;
        Ok(Sqlite { file: file.to_owned(), writer: Mutex::new(writer), readers: Mutex::new(Vec::new()) })
    }

    /// Opens a file that is never written to, as [`Sqlite::seal`] left it.
    ///
    /// # Errors
    /// When it cannot be opened, or another version made it.
    pub fn open_sealed(file: &Path) -> Result<Self> {
        let reader = connect(file, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        let made: i64 = reader.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        if usize::try_from(made) != Ok(MIGRATIONS.len()) {
            return Err(StoreError::Newer(made));
        }
        Ok(Sqlite { file: file.to_owned(), writer: Mutex::new(reader), readers: Mutex::new(Vec::new()) })
    }

    /// Closes the file so that it is whole by itself, without a log beside it.
    ///
    /// # Errors
    /// When somebody else has it open, or it cannot be written.
    pub fn seal(self) -> Result<()> {
        self.readers.lock().unwrap_or_else(PoisonError::into_inner).clear();
        let writer = self.writer.into_inner().unwrap_or_else(PoisonError::into_inner);
        writer.pragma_update(None, "journal_mode", "DELETE")?;
        writer.close().map_err(|(_, error)| error.into())
    }

    /// Looks at every page and index.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] with the first thing that SQLite finds.
    pub fn check_pages(&self) -> Result<()> {
        let found: String = self.reader()?.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
        if found == "ok" { Ok(()) } else { Err(StoreError::Corrupt(found)) }
    }

    fn reader(&self) -> Result<Connection> {
        let idle = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        match idle {
            Some(connection) => Ok(connection),
            None => connect(&self.file, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX),
        }
    }
}

fn connect(file: &Path, flags: OpenFlags) -> Result<Connection> {
    let connection = Connection::open_with_flags(file, flags)?;
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
    Ok(connection)
}

fn migrate(connection: &mut Connection) -> Result<()> {
    let tx = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let done: i64 = tx.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    if done > known {
        return Err(StoreError::Newer(done));
    }
    for step in MIGRATIONS.iter().skip(usize::try_from(done).unwrap_or(0)) {
        tx.execute_batch(step)?;
    }
    for shard in 0..=255u8 {
        tx.execute(include_str!("sql/shard_make.sql"), [shard])?;
    }
    tx.pragma_update(None, "user_version", known)?;
    tx.commit()?;
    Ok(())
}

enum Held<'a> {
    Writer(MutexGuard<'a, Connection>),
    Reader(Option<Connection>, &'a Mutex<Vec<Connection>>),
}

/// An open transaction on either kind of connection.
pub struct Tx<'a> {
    held: Held<'a>,
    open: bool,
    remembered: Remembered,
}

impl<'a> Tx<'a> {
    fn begun(held: Held<'a>) -> Self {
        Tx { held, open: true, remembered: Remembered::default() }
    }

    fn connection(&self) -> &Connection {
        match &self.held {
            Held::Writer(connection) => connection,
            Held::Reader(connection, _) => {
                connection.as_ref().expect("a reader's connection leaves it only on drop")
            }
        }
    }
}

impl Drop for Tx<'_> {
    fn drop(&mut self) {
        if self.open && self.connection().execute_batch("ROLLBACK").is_err() {
            tracing::error!("a transaction could not be rolled back");
            return;
        }
        if let Held::Reader(connection, idle) = &mut self.held
            && let Some(connection) = connection.take()
        {
            idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        }
    }
}

impl Store for Sqlite {
    fn read(&self) -> Result<Box<dyn Read + '_>> {
        let connection = self.reader()?;
        connection.execute_batch("BEGIN")?;
        Ok(Box::new(Tx::begun(Held::Reader(Some(connection), &self.readers))))
    }

    fn write(&self) -> Result<Box<dyn Write + '_>> {
        let connection = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        connection.execute_batch("BEGIN IMMEDIATE")?;
        Ok(Box::new(Tx::begun(Held::Writer(connection))))
    }
}
