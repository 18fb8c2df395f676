//! C35: which store a stream belongs to. A terminal that moves goes on in a new stream; what it did before
//! stays with the store where it did it, whenever it arrives.

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

/// Where the terminal stood before its moves, oldest first.
fn moves<V: View<Error = StoreError> + ?Sized>(tx: &V, terminal: TerminalId) -> Result<Vec<Stood>> {
    let moves: Vec<(String, Stood)> = kept::under(tx, shard_of(terminal), &format!("{terminal}/"))?;
    Ok(moves.into_iter().map(|(_, stood)| stood).collect())
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
    let mut stood = moves(tx, stream.terminal)?.into_iter();
    let stood = stood.find(|stood| stream.epoch <= stood.through && !ledger::planted!("move_unheeded"));
    Ok(stood.map_or_else(|| terminal.store.clone(), |stood| stood.store))
}

/// Whether the terminal stands in `store`, or stood there before it moved.
///
/// # Errors
/// What the database reports.
pub fn was_in(tx: &dyn Read, terminal: &TerminalRow, store: &StoreId) -> Result<bool> {
    // Who moved has another epoch than the first: nobody else need be asked about.
    let moved =
        || Ok(terminal.epoch != Epoch::FIRST && moves(tx, terminal.id)?.iter().any(|s| s.store == *store));
    if terminal.store == *store { Ok(true) } else { moved() }
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
