//! Packs: what a till needs to begin, built once as SQLite images and handed out to every till of the
//! store until it is too old. A segment is a file by its hash; nothing under a name ever changes.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use ledger::existence::Filter;
use ledger::id::Hash;
use ledger::time::{HOUR_MS, Timestamp};
use sync::protocol::existence::parts;
use sync::protocol::hello::Cursor;
use sync::protocol::pack::{Pack, SEGMENT_ROWS, Segment};

use crate::erased;
use crate::existence::Census;
use crate::interest::{self, Share};
use crate::keys::Keys;
use crate::snapshot;
use crate::store::image::Image;
use crate::store::{Read, Result, Store, StoreError};

const ZSTD_LEVEL: i32 = 3;
/// Beyond so many entries since the pins, or after so long, a new pack is quicker than catching up.
const ENTRIES_BEHIND_MAX: u64 = 50_000;
const FRESH_MS: i64 = HOUR_MS;
/// A till that began with a pack may still be reading it when the next one is built.
const KEPT_MS: i64 = 2 * FRESH_MS;

/// A pack on the shelf.
struct Built {
    share: Share,
    pack: Arc<Pack>,
    at: Timestamp,
    /// Members who had been erased by then: one more, and nobody gets this pack again.
    erased: usize,
}

/// Packs of this process; their segments are files in one folder.
#[derive(Default)]
pub struct Shelf {
    folder: OnceLock<PathBuf>,
    built: Mutex<Vec<Built>>,
}

impl Shelf {
    /// Names the folder, which only this process uses: what an earlier one left there goes.
    ///
    /// # Errors
    /// The disk's.
    pub fn open(&self, folder: PathBuf) -> io::Result<()> {
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&folder)?;
        self.folder.get_or_init(|| folder);
        Ok(())
    }

    /// The pack for tills with this share: one that is fresh enough, or a new one. Others wait meanwhile.
    ///
    /// # Errors
    /// What the database or the disk reports.
    pub fn pack(
        &self,
        database: &dyn Store,
        share: &Share,
        keys: &Keys,
        (log_epoch, now): (&str, Timestamp),
    ) -> Result<Arc<Pack>> {
        let mut built = self.built.lock().unwrap_or_else(PoisonError::into_inner);
        let tx = database.read()?;
        let (heads, erased) = (tx.heads()?, erased::all(&*tx)?.len());
        let fits = |known: &&Built| {
            known.share == *share
                && known.erased == erased
                && known.pack.head.log_epoch == log_epoch
                && now.since(known.at) < FRESH_MS
                && behind(&known.pack.head.pins, &heads) <= ENTRIES_BEHIND_MAX
        };
        if let Some(known) = built.iter().rev().find(fits) {
            return Ok(known.pack.clone());
        }
        self.sweep(&mut built, erased, now);
        let pack = Arc::new(self.build(&*tx, share, keys, (log_epoch, now))?);
        built.push(Built { share: share.clone(), pack: pack.clone(), at: now, erased });
        Ok(pack)
    }

    /// The bytes of a segment; None when it is not on the shelf any more.
    ///
    /// # Errors
    /// The disk's.
    pub fn segment(&self, hash: &Hash) -> Result<Option<Vec<u8>>> {
        match fs::read(file(self.folder()?, hash)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(disk(&error)),
        }
    }

    fn folder(&self) -> Result<&Path> {
        let unnamed = || StoreError::Database("no folder for packs was named".to_owned());
        self.folder.get().map(PathBuf::as_path).ok_or_else(unnamed)
    }

    fn build(
        &self,
        tx: &dyn Read,
        share: &Share,
        keys: &Keys,
        (log_epoch, now): (&str, Timestamp),
    ) -> Result<Pack> {
        let folder = self.folder()?;
        let mut census = share.members_of().map(|_| Census::begin(tx, keys)).transpose()?;
        let (mut segments, mut image) = (Vec::new(), Image::begin()?);
        interest::marked(tx, share, &mut |row, held| {
            if let Some(census) = &mut census {
                census.count(&row);
            }
            if held {
                image.add(&row)?;
            }
            if image.rows() == SEGMENT_ROWS {
                let full = std::mem::replace(&mut image, Image::begin()?);
                segments.push(put_image(folder, full)?);
            }
            Ok(())
        })?;
        if image.rows() > 0 {
            segments.push(put_image(folder, image)?);
        }
        let existence = census.map(|census| put_filter(folder, &census.filter())).transpose()?;
        let head = snapshot::head(tx, share, log_epoch, now)?;
        tracing::info!(store = %share.store, segments = segments.len(), members = head.members, "a pack was built");
        Ok(Pack { head, segments, existence: existence.unwrap_or_default() })
    }

    /// Takes packs off the shelf that nobody may still be reading, or that hold somebody who was erased.
    fn sweep(&self, built: &mut Vec<Built>, erased: usize, now: Timestamp) {
        let (kept, gone): (Vec<Built>, Vec<Built>) =
            built.drain(..).partition(|known| known.erased == erased && now.since(known.at) < KEPT_MS);
        let hashes = |packs: &[Built]| -> HashSet<Hash> {
            let segments = |known: &Built| {
                let Pack { segments, existence, .. } = &*known.pack;
                segments.iter().chain(existence).map(|segment| segment.blake3).collect::<Vec<_>>()
            };
            packs.iter().flat_map(segments).collect()
        };
        let Some(folder) = self.folder.get() else { return };
        for hash in hashes(&gone).difference(&hashes(&kept)) {
            if let Err(error) = fs::remove_file(file(folder, hash)) {
                tracing::warn!(%error, "a segment was not removed; the next start does it");
            }
        }
        *built = kept;
    }
}

/// Entries between the pins and where the logs stand.
fn behind(pins: &[Cursor], heads: &[Cursor]) -> u64 {
    let lsn = |cursors: &[Cursor]| cursors.iter().map(|cursor| cursor.lsn).sum::<u64>();
    lsn(heads).saturating_sub(lsn(pins))
}

fn put_image(folder: &Path, image: Image) -> Result<Segment> {
    let rows = image.rows() as u64;
    put(folder, &image.finish()?, rows)
}

fn put_filter(folder: &Path, filter: &Filter) -> Result<Vec<Segment>> {
    parts(filter).map(|part| put(folder, &part.bytes(), u64::from(part.end() - part.first))).collect()
}

fn put(folder: &Path, plain: &[u8], rows: u64) -> Result<Segment> {
    let packed = zstd::encode_all(plain, ZSTD_LEVEL).map_err(|error| disk(&error))?;
    let segment = Segment { blake3: Hash::of(&packed), bytes: packed.len() as u64, rows };
    let (whole, part) = (file(folder, &segment.blake3), folder.join("part"));
    fs::write(&part, packed).and_then(|()| fs::rename(part, whole)).map_err(|error| disk(&error))?;
    Ok(segment)
}

fn file(folder: &Path, hash: &Hash) -> PathBuf {
    folder.join(format!("{hash}.zst"))
}

fn disk(error: &io::Error) -> StoreError {
    StoreError::Database(error.to_string())
}
