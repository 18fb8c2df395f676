//! Streams everything a new till needs, from one read transaction, compressed as it goes.

use std::io::{self, BufWriter, Write as _};

use ledger::id::{StoreId, Stream};
use ledger::time::Timestamp;
use serde::Serialize;
use sync::protocol::push::Verdict;
use sync::protocol::snapshot::{Counted, SnapshotHead, SnapshotRow};

use crate::interest::{self, Share};
use crate::store::{Read, Result, Store, StoreError};
use crate::streams;

const ZSTD_LEVEL: i32 = 3;
const CHUNK_BYTES: usize = 128 * 1024;

/// Writes the snapshot of a share to `out`, zstd.
///
/// # Errors
/// What the database reports, or `gone` when nobody reads on.
pub fn write(
    database: &dyn Store,
    share: &Share,
    log_epoch: &str,
    now: Timestamp,
    out: impl io::Write,
) -> Result<()> {
    let tx = database.read()?;
    let head = head(&*tx, share, log_epoch, now)?;
    let gone = |_| StoreError::Gone;
    let out = BufWriter::with_capacity(CHUNK_BYTES, out);
    let mut out = zstd::Encoder::new(out, ZSTD_LEVEL).map_err(gone)?;
    line(&mut out, &head)?;
    let mut rows = 0;
    interest::rows(&*tx, share, &mut |row| {
        rows += 1;
        line(&mut out, &row)
    })?;
    line(&mut out, &SnapshotRow::End { rows })?;
    out.finish().and_then(|mut out| out.flush()).map_err(gone)
}

/// Where the rows that `tx` sees stand.
///
/// # Errors
/// What the database reports.
pub fn head(tx: &dyn Read, share: &Share, log_epoch: &str, now: Timestamp) -> Result<SnapshotHead> {
    let (members, coupons) = counts(tx, share)?;
    Ok(SnapshotHead {
        log_epoch: log_epoch.to_owned(),
        hq_time: now,
        pins: tx.heads()?,
        members,
        coupons,
        members_of: share.members_of().cloned(),
        counted: counted(tx, &share.store)?,
    })
}

/// Members and coupons of a share.
fn counts(tx: &dyn Read, share: &Share) -> Result<(u64, u64)> {
    if share.members_of().is_none() {
        return Ok((tx.member_count()?, tx.coupon_count()?));
    }
    let (mut members, mut coupons) = (0, 0);
    interest::rows(tx, share, &mut |row| {
        members += u64::from(matches!(row, SnapshotRow::M { .. }));
        coupons += u64::from(matches!(row, SnapshotRow::C { .. }));
        Ok(())
    })?;
    Ok((members, coupons))
}

/// Which events of the store's tills are in the rows; every till is named, also one without any, and one that
/// moved away: what it told its siblings before may still be pending there.
fn counted(tx: &dyn Read, store: &StoreId) -> Result<Vec<Counted>> {
    let mut all = Vec::new();
    for terminal in tx.terminals()? {
        if !streams::was_in(tx, &terminal, store)? {
            continue;
        }
        let known = all.len();
        for row in tx.streams(terminal.id)?.into_iter().filter(|row| row.received > 0) {
            let stream = Stream { terminal: terminal.id, epoch: row.epoch };
            let waiting = waiting(tx, stream, row.received)?;
            let (epoch, through, hash) = (row.epoch, row.received, row.head);
            all.push(Counted { terminal: terminal.id, epoch, through, hash, waiting });
        }
        if all.len() == known {
            all.push(Counted::nothing(terminal.id));
        }
    }
    Ok(all)
}

fn waiting(tx: &dyn Read, stream: Stream, received: u64) -> Result<Vec<u64>> {
    let Some(first) = tx.first_parked(stream)? else { return Ok(Vec::new()) };
    let outcomes = tx.outcomes(stream, first, received, u32::MAX)?;
    let parked = outcomes.into_iter().filter(|outcome| outcome.verdict == Verdict::Parked);
    Ok(parked.map(|outcome| outcome.seq).collect())
}

fn line<T: Serialize>(out: &mut impl io::Write, value: &T) -> Result<()> {
    serde_json::to_writer(&mut *out, value).map_err(|_| StoreError::Gone)?;
    out.write_all(b"\n").map_err(|_| StoreError::Gone)
}
