//! Proves an image: its bytes, its pages, every log's chain, and that the balances are what the logs say.
//! Only then may tills forget what the image holds.

use std::collections::BTreeMap;
use std::path::Path;

use ledger::id::{EventKey, Hash, Shard};
use serde::Serialize;
use sync::protocol::entry::{Effect, Entry};

use super::failure::{BackupError, Result};
use super::image::fingerprint;
use super::manifest::{self, Manifest};
use crate::jobs::move_database::census;
use crate::store::sqlite::Sqlite;
use crate::store::tables::{Cell, TABLES};
use crate::store::{Read, Store, StoreError};
use crate::timeline::log_epoch;

const LINES_MAX: u32 = 2_000;

/// What was proved of an image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Proof {
    #[serde(skip)]
    pub manifest: Manifest,
    pub logs: usize,
    pub entries: u64,
    pub streams: usize,
    pub events: u64,
}

/// # Errors
/// [`BackupError::Broken`] with the first thing that does not fit.
pub fn prove(image: &Path) -> Result<Proof> {
    let manifest = Manifest::read(image)?;
    let file = manifest::database(image);
    let differs = |what: &str| Err(BackupError::Broken(format!("{what} differ from the manifest")));
    if fingerprint(&file)? != (manifest.bytes, manifest.blake3) {
        return differs("the bytes of hq.db");
    }
    let database = Sqlite::open_sealed(&file)?;
    database.check_pages()?;
    let tx = database.read()?;
    if manifest::heads(&*tx)? != manifest.heads || log_epoch(&*tx)? != manifest.log_epoch {
        return differs("the logs");
    }
    if manifest::streams(&*tx)? != manifest.streams {
        return differs("the streams");
    }
    let broken = |error| match error {
        StoreError::Corrupt(why) => BackupError::Broken(why),
        other => BackupError::Store(other),
    };
    census(&*tx).map_err(broken)?;
    check_events(&*tx, &manifest)?;
    check_balances(&*tx)?;
    Ok(Proof {
        logs: manifest.heads.len(),
        entries: manifest.heads.iter().map(|head| head.lsn).sum(),
        streams: manifest.streams.len(),
        events: manifest.streams.iter().map(|stream| stream.received).sum(),
        manifest,
    })
}

/// Every stream ends with the event that its watermark names, and that event is there.
fn check_events(tx: &dyn Read, manifest: &Manifest) -> Result<()> {
    for stream in manifest.streams.iter().filter(|stream| stream.received > 0) {
        let key = key_of(stream);
        if tx.hash_of(key)? != Some(stream.head) {
            return Err(BackupError::Broken(format!("event {key} is missing")));
        }
    }
    Ok(())
}

fn key_of(head: &manifest::StreamHead) -> EventKey {
    head.stream.at(head.received)
}

/// One number for all accounts of a shard: each balance weighted by its account's name. Movements with the
/// same weights add up to it only if every single balance is the sum of its own.
type Sums = BTreeMap<u8, i128>;

fn weigh(sums: &mut Sums, shard: u8, account: &str, unit: &str, amount: i64) {
    let name = Hash::of(format!("{account} {unit}").as_bytes());
    let weight = name.0[..8].iter().fold(0i128, |weight, byte| weight << 8 | i128::from(*byte));
    let sum = sums.entry(shard).or_default();
    *sum = sum.wrapping_add(weight.wrapping_mul(i128::from(amount)));
}

/// Adding up every movement of the logs gives the balances; each unit adds up to zero.
fn check_balances(tx: &dyn Read) -> Result<()> {
    let mut moved = Sums::new();
    let mut whole = Vec::new();
    for head in tx.heads()? {
        if add_log(tx, head.shard, &mut moved)? {
            whole.push(head.shard.0);
        }
    }
    let mut held = held(tx)?;
    for sums in [&mut moved, &mut held] {
        sums.retain(|shard, sum| *sum != 0 && whole.contains(shard));
    }
    if moved != held {
        return Err(BackupError::Broken("the balances are not what the logs add up to".to_owned()));
    }
    match tx.trial_balance()?.iter().find(|(_, sum)| *sum != 0) {
        Some((unit, sum)) => Err(BackupError::Broken(format!("{unit} add up to {sum}, not to 0"))),
        None => Ok(()),
    }
}

/// Adds one log's movements; false when its first entries are not kept any more.
fn add_log(tx: &dyn Read, shard: Shard, sums: &mut Sums) -> Result<bool> {
    let mut at = 0;
    loop {
        let lines = tx.log_after(shard, at, LINES_MAX)?;
        let Some((first, last)) = lines.first().map(|l| l.lsn).zip(lines.last().map(|l| l.lsn)) else {
            return Ok(true);
        };
        if first != at + 1 {
            return Ok(false);
        }
        for line in &lines {
            let entry: Entry = serde_json::from_str(&line.line)
                .map_err(|e| BackupError::Broken(format!("entry {} of log {}: {e}", line.lsn, shard.0)))?;
            for effect in entry.effects {
                if let Effect::Post { account, unit, delta, .. } = effect {
                    weigh(sums, shard.0, &account.to_string(), &unit.to_string(), delta);
                }
            }
        }
        at = last;
    }
}

fn held(tx: &dyn Read) -> Result<Sums> {
    let mut sums = Sums::new();
    for table in TABLES.iter().filter(|table| table.name == "account") {
        tx.dump(table, &mut |row| {
            let (account, unit) = (table.text(&row, "account")?, table.text(&row, "unit")?);
            if let (Some(Cell::Int(shard)), Some(Cell::Int(balance))) = (row.first(), row.last()) {
                weigh(&mut sums, u8::try_from(*shard).unwrap_or(u8::MAX), account, unit, *balance);
            }
            Ok(())
        })?;
    }
    Ok(sums)
}

/// Tells the tills of `store` that a proved image holds their events; returns how many became stable.
/// An image of another log proves nothing for this one.
///
/// # Errors
/// What the database reports.
pub fn mark_stable(store: &dyn Store, proof: &Proof) -> Result<u64> {
    let tx = store.write()?;
    if log_epoch(&*tx)? != proof.manifest.log_epoch {
        return Ok(0);
    }
    let mut newly = 0;
    for head in &proof.manifest.streams {
        let Some(row) = tx.stream(head.stream)? else { continue };
        let same = head.received == 0 || tx.hash_of(key_of(head))? == Some(head.head);
        if same && head.received > row.stable {
            tx.put_stable(head.stream, head.received)?;
            newly += head.received - row.stable;
        }
    }
    tx.commit()?;
    Ok(newly)
}
