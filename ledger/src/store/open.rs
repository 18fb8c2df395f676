//! Opening the ledger: lock, key, check, migrations, the count of starts. A damaged file is set aside
//! and reported, never deleted: it may hold sales that HQ does not have.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use super::connect::{Access, Key, connect};
use super::error::StoreError;
use super::generation::{self, Generation};
use super::journal::verify_chain;
use super::keycheck::{self, Known};
use super::migrate::{Migration, migrate};
use super::tx::{Ledger, Parts, Reader, SUSPECT_FILE, check_pages, transact};
use crate::time::Timestamp;

const LEDGER_FILE: &str = "ledger.db";
const DRAFT_FILE: &str = "draft.db";
const LOCK_FILE: &str = "ledger.lock";
/// Events whose chain every start walks: enough to see a torn end, the same time whatever the size.
const CHAIN_CHECK_EVENTS: u64 = 64;
/// 3.51.3: before it, two connections that wrote and checkpointed at once could damage the file.
const SQLITE_MIN: i32 = 3_051_003;

/// What opening needs; time and randomness come from outside.
#[derive(Clone, Debug)]
pub struct Options<'a> {
    /// The folder of the ledger; made when it does not exist.
    pub dir: &'a Path,
    pub key: Key,
    /// The second place of the count of starts, outside `dir`.
    pub generation_file: &'a Path,
    /// Scripts of other crates that keep tables in the same file, after the ledger's own.
    pub migrations: &'a [Migration],
    pub now: Timestamp,
    /// Names an epoch, if one must be opened.
    pub random: u64,
}

/// An open ledger, and what a person should hear about it.
pub struct Opened {
    pub ledger: Ledger,
    pub generation: Generation,
    /// Where a damaged ledger was put; a new, empty one is in its place.
    pub set_aside: Option<PathBuf>,
}

/// # Errors
/// [`StoreError::SecondInstance`], [`StoreError::WrongKey`], [`StoreError::TooOld`],
/// [`StoreError::DiskFull`]; the file is untouched then.
pub fn open(options: &Options<'_>) -> Result<Opened, StoreError> {
    if rusqlite::version_number() < SQLITE_MIN {
        return Err(StoreError::SqliteTooOld(rusqlite::version().to_owned()));
    }
    fs::create_dir_all(options.dir)?;
    let lock = lock(options.dir)?;
    let known = keycheck::check(options.dir, &options.key)?;
    let (writer, set_aside) = writer(options, known)?;
    if known == Known::No {
        keycheck::note(options.dir, &options.key)?;
    }
    let generation = count_start(&writer, options)?;
    let ledger = Ledger::new(Parts {
        dir: options.dir.to_owned(),
        path: options.dir.join(LEDGER_FILE),
        key: options.key.clone(),
        writer: writer.into_conn(),
        draft: draft(options)?,
        lock,
    });
    Ok(Opened { ledger, generation, set_aside })
}

fn lock(dir: &Path) -> Result<File, StoreError> {
    let file = File::options().create(true).truncate(false).write(true).open(dir.join(LOCK_FILE))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::SecondInstance),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}

/// The writer connection on a sound, migrated file, and where a damaged one went.
fn writer(options: &Options<'_>, known: Known) -> Result<(Reader, Option<PathBuf>), StoreError> {
    let path = options.dir.join(LEDGER_FILE);
    match sound_writer(&path, options) {
        Ok(writer) => Ok((writer, None)),
        Err(StoreError::Damaged(_)) if known == Known::Yes => {
            let aside = set_aside(&path, options.now)?;
            let _ = fs::remove_file(options.dir.join(SUSPECT_FILE));
            Ok((sound_writer(&path, options)?, Some(aside)))
        }
        // Never seen this key here: an unreadable file speaks against the key, not against the file.
        Err(StoreError::Damaged(_)) => Err(StoreError::WrongKey),
        Err(other) => Err(other),
    }
}

fn sound_writer(path: &Path, options: &Options<'_>) -> Result<Reader, StoreError> {
    let writer = Reader::of(connect(path, &options.key, Access::Write)?);
    let suspect = options.dir.join(SUSPECT_FILE);
    if suspect.exists() {
        check_pages(writer.conn())?;
    }
    migrate(&writer, options.migrations, options.now)?;
    verify_chain(&writer, CHAIN_CHECK_EVENTS)?;
    if suspect.exists() {
        fs::remove_file(suspect)?;
    }
    Ok(writer)
}

/// Renames the file with its log, so that nothing of it is lost or taken for the new one's.
fn set_aside(path: &Path, now: Timestamp) -> Result<PathBuf, StoreError> {
    let stamp = now.to_string().replace([':', '-'], "");
    let aside = (0..)
        .map(|n| match n {
            0 => with_suffix(path, &format!(".damaged-{stamp}")),
            n => with_suffix(path, &format!(".damaged-{stamp}-{n}")),
        })
        .find(|candidate| !candidate.exists())
        .expect("the numbers do not end");
    for suffix in ["-wal", "-shm", ""] {
        let from = with_suffix(path, suffix);
        if from.exists() {
            fs::rename(from, with_suffix(&aside, suffix))?;
        }
    }
    Ok(aside)
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

fn count_start(writer: &Reader, options: &Options<'_>) -> Result<Generation, StoreError> {
    let outside = generation::outside(options.generation_file);
    let counted = transact(writer, |tx| {
        generation::count(tx, outside, options.random).map(Ok::<_, std::convert::Infallible>)
    })?;
    let generation = match counted {
        Ok(generation) => generation,
        Err(never) => match never {},
    };
    let guarded = generation::note(options.generation_file, generation.value).is_ok();
    Ok(Generation { guarded, ..generation })
}

/// The draft file holds nothing worth an error: an unreadable one is begun anew.
fn draft(options: &Options<'_>) -> Result<rusqlite::Connection, StoreError> {
    let path = options.dir.join(DRAFT_FILE);
    let begin = || -> Result<rusqlite::Connection, StoreError> {
        let conn = connect(&path, &options.key, Access::Draft)?;
        conn.execute_batch(super::carts::DRAFT_SCHEMA)?;
        Ok(conn)
    };
    begin().or_else(|_| {
        for suffix in ["", "-wal", "-shm"] {
            let _ = fs::remove_file(with_suffix(&path, suffix));
        }
        begin()
    })
}
