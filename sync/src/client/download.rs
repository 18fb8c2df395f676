//! Fetches a pack: the manifest, then segment by segment, each proved by its hash. Where the line breaks
//! within a segment, the next attempt goes on from the byte that it broke at.

use std::time::Duration;

use ledger::id::Hash;
use reqwest::StatusCode;
use serde::Serialize;

use crate::engine::Fault;
use crate::protocol::pack::{Pack, Segment};
use crate::protocol::path;
use crate::protocol::snapshot::SnapshotRow;

use super::transport::{Piece, SnapshotSink};
use super::wire::{Call, Wire, broken};

/// HQ may have to build the pack first.
const PACK_TIMEOUT: Duration = Duration::from_secs(600);
const SEGMENT_TIMEOUT: Duration = Duration::from_secs(300);
/// Attempts in a row that brought nothing new.
const FRUITLESS_MAX: u32 = 4;
/// A segment of ours is far smaller.
const SEGMENT_BYTES_MAX: u64 = 64 << 20;

/// Sends head, segments and end into the sink; a closed sink ends it early.
///
/// # Errors
/// How a request failed for good.
pub async fn pack(wire: &Wire, sink: &SnapshotSink) -> Result<(), Fault> {
    let pack: Pack = wire.ask(Call::get(path::PACK, Some(PACK_TIMEOUT))).await?;
    let rows = pack.segments.iter().map(|segment| segment.rows).sum();
    let mut open = sink.send(line(&pack.head)?).await.is_ok();
    for wanted in &pack.segments {
        if !open {
            return Ok(());
        }
        open = sink.send(Piece::Segment(segment(wire, wanted).await?)).await.is_ok();
    }
    for wanted in &pack.existence {
        if !open {
            return Ok(());
        }
        open = sink.send(Piece::Existence(segment(wire, wanted).await?)).await.is_ok();
    }
    // Nobody listens any more when the store refused: it says so itself.
    sink.send(line(&SnapshotRow::End { rows })?).await.ok();
    Ok(())
}

fn line(value: &impl Serialize) -> Result<Piece, Fault> {
    let text = serde_json::to_string(value).map_err(|e| Fault::Local(e.to_string()))?;
    Ok(Piece::Lines(vec![text]))
}

async fn segment(wire: &Wire, wanted: &Segment) -> Result<Vec<u8>, Fault> {
    if wanted.bytes > SEGMENT_BYTES_MAX {
        return Err(Fault::Truncated);
    }
    let (mut held, mut fruitless) = (Vec::new(), 0);
    loop {
        let before = held.len();
        match go_on(wire, wanted, &mut held).await {
            Ok(()) => break,
            Err(fault) if !fault.is_network() => return Err(fault),
            Err(fault) => {
                fruitless = if held.len() > before { 0 } else { fruitless + 1 };
                if fruitless >= FRUITLESS_MAX {
                    return Err(fault);
                }
                tracing::debug!(?fault, held = held.len(), "a segment is gone on with");
            }
        }
    }
    if Hash::of(&held) == wanted.blake3 { Ok(held) } else { Err(Fault::Truncated) }
}

/// Adds what is missing; what came before a break stays.
async fn go_on(wire: &Wire, wanted: &Segment, held: &mut Vec<u8>) -> Result<(), Fault> {
    let path = wanted.path();
    let from_byte = held.len() as u64;
    let call = Call { from_byte, ..Call::get(&path, Some(SEGMENT_TIMEOUT)) };
    let mut response = wire.send(call).await?;
    if response.status() != StatusCode::PARTIAL_CONTENT {
        held.clear();
    }
    while let Some(piece) = response.chunk().await.map_err(|e| broken(&e))? {
        if (held.len() + piece.len()) as u64 > wanted.bytes {
            return Err(Fault::NotHq);
        }
        held.extend_from_slice(&piece);
    }
    if held.len() as u64 == wanted.bytes { Ok(()) } else { Err(Fault::Truncated) }
}
