//! What a till's history proves about the machine that wrote it: that it was turned back, that events are
//! missing, that two machines write under one name. Nothing is refused for it; people get a case.

use ledger::event::{Boot, Parent};
use ledger::id::{Anchor, Epoch, EventKey, Shard, Stream, TerminalId};
use ledger::posting::Unit;
use ledger::time::Timestamp;
use serde::{Deserialize, Serialize};
use sync::decide::decision::case_id;
use sync::decide::kept::{self, Keep, Kept};
use sync::decide::{CaseDraft, View};
use sync::protocol::digest::ShardRepaired;

use crate::store::model::TerminalRow;
use crate::store::{Read, Result, StoreError, Write};

/// A machine was set back to an earlier state and goes on from there.
pub const ROLLBACK: &str = "rollback";
/// Two machines write, or speak, as one terminal.
pub const CLONE_SUSPECT: &str = "clone_suspect";
/// A till goes on after events that nobody sent.
pub const MISSING_EVENTS: &str = "missing_events";
/// A till knows entries that this headquarters never wrote.
pub const LOG_TURNED_BACK: &str = "log_turned_back";
/// A till held other rows than headquarters, and put them right.
pub const DIVERGED: &str = "diverged";

/// Runs of a terminal that are remembered.
const BOOTS_MAX: usize = 16;

/// Where another stream left this one. Id: `<terminal>/<epoch>`; shard: the terminal's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Branched {
    child: Epoch,
    /// The last event that both share.
    seq: u64,
}

impl Kept for Branched {
    const KIND: &'static str = "branched";
}

/// Runs of a terminal as they spoke, newest last. Id: the terminal; shard: the terminal's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Boots {
    boots: Vec<Boot>,
}

impl Kept for Boots {
    const KIND: &'static str = "boots";
}

/// The first event of a stream came, and it names where the stream left another one.
///
/// # Errors
/// What the database reports.
pub fn begun(
    tx: &dyn Write,
    author: &TerminalRow,
    child: Epoch,
    parent: &Parent,
    now: Timestamp,
) -> Result<()> {
    let branched = Branched { child, seq: parent.seq };
    tx.keep(&Keep::put(shard(author.id), stream_id(author.id, parent.epoch), &branched))?;
    let left = Stream { terminal: author.id, epoch: parent.epoch };
    let received = tx.stream(left)?.map_or(0, |row| row.received);
    let key = EventKey { terminal: author.id, epoch: parent.epoch, seq: parent.seq };
    if received > parent.seq {
        let detail = format!(
            "the till went on in epoch {child} after event {} of epoch {}, of which {received} were received",
            parent.seq, parent.epoch
        );
        return open(tx, author, key, ROLLBACK, detail, now);
    }
    if received < parent.seq {
        let (first, last) = (received + 1, parent.seq);
        let detail = format!("events {first} to {last} of epoch {} were never sent", parent.epoch);
        return open(tx, author, key, MISSING_EVENTS, detail, now);
    }
    Ok(())
}

/// A stream grew to `received`. If another one left it before that, both are still being written.
///
/// # Errors
/// What the database reports.
pub fn grown(
    tx: &dyn Write,
    author: &TerminalRow,
    epoch: Epoch,
    received: u64,
    now: Timestamp,
) -> Result<()> {
    let id = stream_id(author.id, epoch);
    match kept::one::<_, Branched>(tx, shard(author.id), &id)? {
        Some(Branched { child, seq }) if received > seq => {
            let key = EventKey { terminal: author.id, epoch, seq };
            let detail = format!("epoch {epoch} goes on beyond {seq}, where epoch {child} left it");
            open(tx, author, key, CLONE_SUSPECT, detail, now)
        }
        _ => Ok(()),
    }
}

/// True when another stream left this one: what it holds may have come wrapped anew before.
///
/// # Errors
/// What the database reports.
pub fn is_left<V: View<Error = StoreError> + ?Sized>(tx: &V, stream: Stream) -> Result<bool> {
    let id = stream_id(stream.terminal, stream.epoch);
    Ok(kept::one::<V, Branched>(tx, shard(stream.terminal), &id)?.is_some())
}

/// A run of the till says hello. One that spoke before another one, and speaks again, never ended: there
/// are two.
///
/// # Errors
/// What the database reports.
pub fn heard(tx: &dyn Write, terminal: &TerminalRow, boot: Boot, now: Timestamp) -> Result<()> {
    let id = terminal.id.to_string();
    let mut runs: Boots = kept::one(tx, shard(terminal.id), &id)?.unwrap_or_default();
    if runs.boots.last() == Some(&boot) {
        return Ok(());
    }
    let before = runs.boots.len();
    runs.boots.retain(|known| *known != boot);
    let again = runs.boots.len() < before;
    runs.boots.push(boot);
    if runs.boots.len() > BOOTS_MAX {
        runs.boots.remove(0);
    }
    tx.keep(&Keep::put(shard(terminal.id), id, &runs))?;
    if !again {
        return Ok(());
    }
    let key = EventKey { terminal: terminal.id, epoch: terminal.epoch, seq: 0 };
    open(
        tx,
        terminal,
        key,
        CLONE_SUSPECT,
        "two running programs speak in turn under this name".to_owned(),
        now,
    )
}

/// A till stands where this headquarters never was.
///
/// # Errors
/// What the database reports.
pub fn log_turned_back(tx: &dyn Write, witness: &TerminalRow, log_epoch: &str, now: Timestamp) -> Result<()> {
    let key = EventKey { terminal: witness.id, epoch: witness.epoch, seq: 0 };
    let detail = format!("the till knows entries that were lost here; the log is {log_epoch} from now on");
    tx.put_case(key, &witness.store, &draft(key, LOG_TURNED_BACK, log_epoch, detail), now)
}

/// A till found rows that were not headquarters' and repaired them: somebody should look at that machine.
///
/// # Errors
/// What the database reports.
pub fn diverged(
    tx: &dyn Write,
    terminal: &TerminalRow,
    shards: &[ShardRepaired],
    now: Timestamp,
) -> Result<()> {
    let key = EventKey { terminal: terminal.id, epoch: terminal.epoch, seq: 0 };
    let places: Vec<String> =
        shards.iter().map(|s| format!("{}:{} ({} rows)", s.shard.0, s.lsn, s.rows)).collect();
    let places = places.join(", ");
    // A report that comes twice is one finding; the same damage later is another one.
    let name = format!("{DIVERGED} {places}");
    let detail = format!("rows of the till differed and were put right; shard and entry: {places}");
    tx.put_case(key, &terminal.store, &draft(key, DIVERGED, &name, detail), now)
}

fn open(
    tx: &dyn Write,
    terminal: &TerminalRow,
    key: EventKey,
    kind: &'static str,
    detail: String,
    now: Timestamp,
) -> Result<()> {
    tracing::warn!(terminal = terminal.id.0, kind, detail);
    tx.put_case(key, &terminal.store, &draft(key, kind, kind, detail), now)
}

/// The same finding makes the same case, however often it is made.
fn draft(key: EventKey, kind: &'static str, name: &str, detail: String) -> CaseDraft {
    CaseDraft {
        id: case_id(key, name, 0),
        kind,
        shard: shard(key.terminal),
        member: None,
        other: None,
        coupon: None,
        unit: Unit::Fen,
        amount: 0,
        detail,
    }
}

fn shard(terminal: TerminalId) -> Shard {
    Anchor::terminal(terminal).shard()
}

fn stream_id(terminal: TerminalId, epoch: Epoch) -> String {
    format!("{terminal}/{epoch}")
}

/// HQ's hash of one event.
///
/// # Errors
/// What the database reports.
pub fn hash_at(tx: &dyn Read, key: EventKey) -> Result<Option<ledger::id::Hash>> {
    if key.seq == 0 { Ok(None) } else { tx.hash_of(key) }
}
