//! C35: which store a stream belongs to. A terminal that moves goes on in a new stream; what it did before
//! stays with the store where it did it, whenever it arrives.

use std::collections::BTreeSet;

use ledger::id::{Anchor, Epoch, Shard, StoreId, Stream, TerminalId};
use serde::{Deserialize, Serialize};
use sync::decide::View;
use sync::decide::kept::{self, Keep, Kept};

use crate::store::model::TerminalRow;
use crate::store::{Read, Result, StoreError, Write};

/// The store of all streams of a terminal up to `through`, and above those of earlier moves. Id:
/// `<terminal>/<epoch>`, in the terminal's shard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Stood {
    store: StoreId,
    through: Epoch,
}

impl Kept for Stood {
    const KIND: &'static str = "stood";
}

fn shard_of(terminal: TerminalId) -> Shard {
    Anchor::terminal(terminal).shard()
}

/// The store that a stream's events belong to.
///
/// # Errors
/// What the database reports.
pub fn store_of<V: View<Error = StoreError> + ?Sized>(
    tx: &V,
    stream: Stream,
    terminal: &TerminalRow,
) -> Result<StoreId> {
    let moves: Vec<(String, Stood)> =
        kept::under(tx, shard_of(stream.terminal), &format!("{}/", stream.terminal))?;
    let mut stood = moves.into_iter().map(|(_, stood)| stood);
    let stood = stood.find(|stood| stream.epoch <= stood.through && !ledger::planted!("move_unheeded"));
    Ok(stood.map_or_else(|| terminal.store.clone(), |stood| stood.store))
}

/// Terminals that once stood in `store` and went elsewhere, perhaps to come back.
///
/// # Errors
/// What the database reports.
pub fn stood_in(tx: &dyn Read, store: &StoreId) -> Result<BTreeSet<TerminalId>> {
    let mut all = BTreeSet::new();
    for shard in (0..=255).map(Shard) {
        let moves: Vec<(String, Stood)> = kept::under(tx, shard, "")?;
        let here = moves.into_iter().filter(|(_, stood)| stood.store == *store);
        let terminal = |(id, _): (String, Stood)| id.split_once('/')?.0.parse().ok().map(TerminalId);
        all.extend(here.filter_map(terminal));
    }
    Ok(all)
}

/// From now on the terminal stands in `store`: it goes on in the epoch of the row that comes back.
///
/// # Errors
/// What the database reports.
pub fn reassign(
    tx: &dyn Write,
    terminal: &TerminalRow,
    store: &StoreId,
    till_no: u32,
) -> Result<TerminalRow> {
    let held = tx.streams(terminal.id)?.into_iter().map(|row| row.epoch).max();
    let through = held.map_or(terminal.epoch, |held| held.max(terminal.epoch));
    let stood = Stood { store: terminal.store.clone(), through };
    let id = format!("{}/{through}", terminal.id);
    tx.keep(&Keep::put(shard_of(terminal.id), id, &stood))?;
    let moved = TerminalRow {
        store: store.clone(),
        till_no,
        epoch: Epoch(through.0.saturating_add(1)),
        ..terminal.clone()
    };
    tx.put_terminal(&moved)?;
    Ok(moved)
}
