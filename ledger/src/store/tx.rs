//! The one way to write, and the way to read.

use std::fs::File;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};

use rusqlite::{CachedStatement, Connection, OptionalExtension, Params, Row};

use super::connect::{Access, Key, connect};
use super::error::StoreError;

/// Read connections kept open between reads.
const READERS_IDLE_MAX: usize = 4;
/// Its presence asks the next start for a full check.
pub(super) const SUSPECT_FILE: &str = "ledger.suspect";

/// The till's ledger. Cheap to clone; one writer, many readers.
#[derive(Clone)]
pub struct Ledger {
    inner: Arc<Inner>,
}

struct Inner {
    dir: PathBuf,
    path: PathBuf,
    key: Key,
    writer: Mutex<Reader>,
    readers: Mutex<Vec<Reader>>,
    checkpointer: Mutex<Option<Connection>>,
    draft: Mutex<Connection>,
    commits: AtomicU64,
    /// Held as long as the ledger is open; dropped last.
    _lock: File,
}

/// Sees one consistent state of the ledger.
pub struct Reader {
    conn: Connection,
}

/// A write transaction: everything in it is kept together, or nothing is.
pub struct Tx<'a> {
    reader: &'a Reader,
}

/// What a checkpoint did, in WAL frames (one frame is one page).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WalState {
    /// A reader held back the rest.
    pub busy: bool,
    /// Frames in the log since it was last begun anew.
    pub frames: u64,
    /// Of these, frames already in the main file.
    pub moved: u64,
}

/// Figures that no neighbour on the machine can change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counters {
    /// Write transactions committed since the start; each waits for the disk once.
    pub commits: u64,
    pub wal: WalState,
}

/// What [`Ledger`] is built from.
pub(super) struct Parts {
    pub dir: PathBuf,
    pub path: PathBuf,
    pub key: Key,
    pub writer: Connection,
    pub draft: Connection,
    pub lock: File,
}

impl Ledger {
    pub(super) fn new(parts: Parts) -> Self {
        let Parts { dir, path, key, writer, draft, lock } = parts;
        Ledger {
            inner: Arc::new(Inner {
                dir,
                path,
                key,
                writer: Mutex::new(Reader { conn: writer }),
                readers: Mutex::default(),
                checkpointer: Mutex::default(),
                draft: Mutex::new(draft),
                commits: AtomicU64::new(0),
                _lock: lock,
            }),
        }
    }

    /// Runs `f` in one transaction. When this returns `Ok`, everything is on the disk.
    ///
    /// # Errors
    /// Whatever `f` or the commit says; then nothing was kept.
    pub fn write<T>(&self, f: impl FnOnce(&Tx<'_>) -> Result<T, StoreError>) -> Result<T, StoreError> {
        match self.attempt(|tx| f(tx).map(Ok::<T, std::convert::Infallible>))? {
            Ok(value) => Ok(value),
            Err(never) => match never {},
        }
    }

    /// As [`Ledger::write`], for decisions that may be refused: a refusal rolls back and is returned.
    ///
    /// # Errors
    /// Whatever `f` or the commit says; then nothing was kept.
    pub fn attempt<T, R>(
        &self,
        f: impl FnOnce(&Tx<'_>) -> Result<Result<T, R>, StoreError>,
    ) -> Result<Result<T, R>, StoreError> {
        let writer = locked(&self.inner.writer);
        let outcome = transact(&writer, f);
        drop(writer);
        if matches!(outcome, Ok(Ok(_))) {
            self.inner.commits.fetch_add(1, Ordering::Relaxed);
        }
        outcome.inspect_err(|error| self.suspect(error))
    }

    /// Runs `f` on one consistent state; never waits for a writer.
    ///
    /// # Errors
    /// Whatever `f` says.
    pub fn read<T>(&self, f: impl FnOnce(&Reader) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let reader = self.reader()?;
        let outcome = snapshot(&reader, f);
        if reader.conn.is_autocommit() {
            let mut idle = locked(&self.inner.readers);
            if idle.len() < READERS_IDLE_MAX {
                idle.push(reader);
            }
        }
        outcome.inspect_err(|error| self.suspect(error))
    }

    /// As [`Ledger::read`], for short looks: on the writer's connection while nobody writes. Its pages are
    /// decrypted already; every other connection drops all of its own at each commit.
    ///
    /// # Errors
    /// Whatever `f` says.
    pub fn glance<T>(&self, f: impl FnOnce(&Reader) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let writer = match self.inner.writer.try_lock() {
            Ok(writer) => writer,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            // Whoever has it may keep it long, or be this very thread.
            Err(TryLockError::WouldBlock) => return self.read(f),
        };
        snapshot(&writer, f).inspect_err(|error| self.suspect(error))
    }

    /// Moves what is in the log into the main file. For idle moments; a checkout never does it.
    ///
    /// # Errors
    /// The disk's.
    pub fn checkpoint_idle(&self) -> Result<WalState, StoreError> {
        self.draft(|conn| Ok(conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?))?;
        self.wal("PRAGMA wal_checkpoint(PASSIVE)")
    }

    /// # Errors
    /// The disk's.
    pub fn counters(&self) -> Result<Counters, StoreError> {
        let wal = self.wal("PRAGMA wal_checkpoint(NOOP)")?;
        Ok(Counters { commits: self.inner.commits.load(Ordering::Relaxed), wal })
    }

    /// Reads every page and checks it; slow with many members, for idle hours. A failure is remembered:
    /// the next start sets the file aside.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], with SQLite's first finding.
    pub fn verify(&self) -> Result<(), StoreError> {
        self.read(|r| check_pages(&r.conn))
    }

    /// The folder that holds the ledger.
    pub fn dir(&self) -> &Path {
        &self.inner.dir
    }

    /// The connection that keeps the cart being typed.
    pub(super) fn draft<T>(
        &self,
        f: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        f(&locked(&self.inner.draft))
    }

    fn reader(&self) -> Result<Reader, StoreError> {
        if let Some(idle) = locked(&self.inner.readers).pop() {
            return Ok(idle);
        }
        Ok(Reader { conn: connect(&self.inner.path, &self.inner.key, Access::Read)? })
    }

    fn wal(&self, pragma: &str) -> Result<WalState, StoreError> {
        let mut slot = locked(&self.inner.checkpointer);
        let conn = match slot.take() {
            Some(conn) => conn,
            None => connect(&self.inner.path, &self.inner.key, Access::Write)?,
        };
        let state = conn.query_row(pragma, [], |row| {
            let count = |i| row.get::<_, i64>(i).map(|n| u64::try_from(n).unwrap_or(0));
            Ok(WalState { busy: row.get(0)?, frames: count(1)?, moved: count(2)? })
        })?;
        *slot = Some(conn);
        Ok(state)
    }

    fn suspect(&self, error: &StoreError) {
        if matches!(error, StoreError::Damaged(_)) {
            // Best effort: without the note the next start still runs its short check.
            let _ = std::fs::write(self.inner.dir.join(SUSPECT_FILE), error.to_string());
        }
    }
}

impl Reader {
    /// For the `store` folders of other crates; they keep their own tables in the same file.
    pub fn conn(&self) -> &Connection {
        &self.conn
    }

    pub(super) fn of(conn: Connection) -> Self {
        Reader { conn }
    }

    pub(super) fn into_conn(self) -> Connection {
        self.conn
    }

    /// The statement, prepared once per connection.
    ///
    /// # Errors
    /// SQLite's.
    pub fn prepare(&self, sql: &str) -> Result<CachedStatement<'_>, StoreError> {
        Ok(self.conn.prepare_cached(sql)?)
    }

    /// The first row, if there is one.
    ///
    /// # Errors
    /// SQLite's.
    pub fn first<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, StoreError> {
        Ok(self.prepare(sql)?.query_row(params, read).optional()?)
    }

    /// Every row.
    ///
    /// # Errors
    /// SQLite's.
    pub fn all<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, StoreError> {
        let mut statement = self.prepare(sql)?;
        let rows = statement.query_map(params, read)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

impl Tx<'_> {
    /// Runs one statement; returns the number of rows it changed.
    ///
    /// # Errors
    /// SQLite's.
    pub fn execute(&self, sql: &str, params: impl Params) -> Result<usize, StoreError> {
        Ok(self.prepare(sql)?.execute(params)?)
    }
}

impl Deref for Tx<'_> {
    type Target = Reader;
    fn deref(&self) -> &Reader {
        self.reader
    }
}

/// Rolls back whatever was not committed, also when `f` panics.
struct Rollback<'a>(&'a Connection);

impl Drop for Rollback<'_> {
    fn drop(&mut self) {
        if !self.0.is_autocommit() {
            // Nothing to say it to: a failed rollback leaves the connection closed to writes.
            let _ = self.0.execute_batch("ROLLBACK");
        }
    }
}

pub(super) fn transact<T, R>(
    reader: &Reader,
    f: impl FnOnce(&Tx<'_>) -> Result<Result<T, R>, StoreError>,
) -> Result<Result<T, R>, StoreError> {
    reader.prepare("BEGIN IMMEDIATE")?.execute([])?;
    let guard = Rollback(&reader.conn);
    let outcome = f(&Tx { reader })?;
    if outcome.is_ok() {
        reader.prepare("COMMIT")?.execute([])?;
    }
    drop(guard);
    Ok(outcome)
}

fn snapshot<T>(reader: &Reader, f: impl FnOnce(&Reader) -> Result<T, StoreError>) -> Result<T, StoreError> {
    reader.prepare("BEGIN")?.execute([])?;
    let guard = Rollback(&reader.conn);
    let value = f(reader)?;
    reader.prepare("COMMIT")?.execute([])?;
    drop(guard);
    Ok(value)
}

pub(super) fn check_pages(conn: &Connection) -> Result<(), StoreError> {
    let finding: String = conn.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if finding == "ok" { Ok(()) } else { Err(StoreError::Damaged(finding)) }
}

/// A panic inside a transaction rolled it back: the connection is sound, so poison means nothing.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
