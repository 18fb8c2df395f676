//! Compares what the till holds with HQ, shard by shard, and puts right what differs.

use std::time::Duration;

use ledger::store::Ledger;

use crate::engine::Fault;
use crate::protocol::digest::{DigestCompared, DigestHeard, DigestRequest, SHARDS_MAX, ShardRepaired};
use crate::protocol::path;
use crate::store::contact;
use crate::store::digest::{Rows, sums};
use crate::store::interest;

use super::lines::unpack;
use super::wire::{Call, Wire, bytes};

/// HQ counts every row it has.
const PATIENCE: Duration = Duration::from_secs(60);
const ROWS_BYTES_MAX: u64 = 256 << 20;

/// What a comparison found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// Shards that were compared.
    pub compared: u32,
    /// Not compared: entries are on their way.
    pub behind: u32,
    /// Compared and not the same.
    pub differed: u32,
    /// Rows that were put right.
    pub repaired_rows: u32,
}

/// Reads, asks, repairs, reports.
///
/// # Errors
/// How a request failed. What was repaired before stays repaired.
pub(super) async fn verify(wire: &Wire, ledger: &Ledger) -> Result<Verified, Fault> {
    let (log_epoch, members_of, shards) = stored(ledger, |ledger| {
        ledger.read(|r| {
            let log_epoch = contact::load(r)?.log_epoch.unwrap_or_default();
            Ok((log_epoch, interest::members_of(r)?, sums(r)?))
        })
    })
    .await?;
    let asked = u32::try_from(shards.len()).unwrap_or(u32::MAX);
    let ask = DigestRequest::Compare { log_epoch: log_epoch.clone(), members_of, shards };
    let answer = compare(wire, &ask).await?;
    let count = |shards: usize| u32::try_from(shards).unwrap_or(u32::MAX);
    let mut repaired = Vec::new();
    for some in answer.differ.chunks(SHARDS_MAX) {
        let ask = DigestRequest::Rows { log_epoch: log_epoch.clone(), shards: some.to_vec() };
        repaired.extend(repair(wire, ledger, &ask).await?);
    }
    let rows = repaired.iter().map(|shard| shard.rows).sum();
    if rows > 0 {
        tracing::warn!(rows, "rows differed from headquarters' and were put right");
        let _: DigestHeard =
            wire.ask(Call::post(path::DIGEST, &DigestRequest::Repaired { shards: repaired })?).await?;
    }
    Ok(Verified {
        compared: asked.saturating_sub(count(answer.behind.len())),
        behind: count(answer.behind.len()),
        differed: count(answer.differ.len()),
        repaired_rows: rows,
    })
}

async fn compare(wire: &Wire, ask: &DigestRequest) -> Result<DigestCompared, Fault> {
    wire.ask(Call { timeout: Some(PATIENCE), ..Call::post(path::DIGEST, ask)? }).await
}

async fn repair(wire: &Wire, ledger: &Ledger, ask: &DigestRequest) -> Result<Vec<ShardRepaired>, Fault> {
    let call = Call { timeout: Some(PATIENCE), ..Call::post(path::DIGEST, ask)? };
    let text = unpack(bytes(wire.send(call).await?, ROWS_BYTES_MAX).await?, ROWS_BYTES_MAX)?;
    let rows = Rows::parse(&text).map_err(|_| Fault::Truncated)?;
    stored(ledger, move |ledger| rows.repair(ledger)).await
}

/// Runs `work` where blocking hurts nobody.
async fn stored<T: Send + 'static>(
    ledger: &Ledger,
    work: impl FnOnce(&Ledger) -> Result<T, ledger::store::StoreError> + Send + 'static,
) -> Result<T, Fault> {
    let ledger = ledger.clone();
    let done = tokio::task::spawn_blocking(move || work(&ledger)).await;
    done.map_err(|e| Fault::Local(e.to_string()))?.map_err(|e| Fault::Local(e.to_string()))
}
