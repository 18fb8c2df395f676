//! What can go wrong in the store, as far as somebody acts on it.

use rusqlite::ErrorCode;
use rusqlite::ffi;

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another program holds this ledger.
    #[error("the ledger is open in another instance")]
    SecondInstance,
    /// A lock was not free within the time allowed; trying again is safe.
    #[error("the ledger is busy")]
    Busy,
    /// The file is whole but was written with another key.
    #[error("the key does not fit the ledger")]
    WrongKey,
    /// The file is not whole; the next start sets it aside.
    #[error("the ledger is damaged: {0}")]
    Damaged(String),
    /// Nothing of the transaction was kept.
    #[error("the disk is full")]
    DiskFull,
    /// A newer program wrote the file.
    #[error("the ledger needs a newer program: it knows the migration {0}")]
    TooOld(String),
    #[error("SQLite {0} is too old: WAL is safe from 3.51.3 on")]
    SqliteTooOld(String),
    /// A migration of this program differs from the one the file was built with.
    #[error("the migration {0} was changed after it was applied")]
    MigrationChanged(String),
    /// It exists already and may exist once.
    #[error("{0} exists already")]
    Duplicate(&'static str),
    /// The terminal has no stream to write to: it is not enrolled.
    #[error("this terminal is not enrolled")]
    NotEnrolled,
    /// A row says what this program cannot read.
    #[error("{what} cannot be read: {why}")]
    Unreadable { what: &'static str, why: String },
    #[error(transparent)]
    Io(std::io::Error),
    #[error(transparent)]
    Sql(rusqlite::Error),
}

impl StoreError {
    pub(crate) fn unreadable(what: &'static str, why: impl std::fmt::Display) -> Self {
        StoreError::Unreadable { what, why: why.to_string() }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        let rusqlite::Error::SqliteFailure(failure, _) = &error else { return StoreError::Sql(error) };
        match (failure.code, failure.extended_code) {
            // A limit on the size of a file or a quota (EFBIG, EDQUOT) comes as a failed write.
            (ErrorCode::DiskFull, _) | (_, ffi::SQLITE_IOERR_WRITE) => StoreError::DiskFull,
            (ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked, _) => StoreError::Busy,
            (ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase, _) => {
                StoreError::Damaged(error.to_string())
            }
            (_, ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_UNIQUE) => {
                StoreError::Duplicate("the row")
            }
            _ => StoreError::Sql(error),
        }
    }
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::StorageFull {
            StoreError::DiskFull
        } else {
            StoreError::Io(error)
        }
    }
}
