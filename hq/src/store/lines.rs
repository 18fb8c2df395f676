//! What a kept line says, whichever database kept it.

use ledger::event::{Clocks, Event};
use ledger::fact::Fact;
use ledger::id::Hash;
use ledger::posting::Movement;
use sync::protocol::entry::{Effect, Entry};

use super::model::EventRow;
use super::{Result, StoreError};

fn event(line: &[u8]) -> Option<Event> {
    Event::parse(std::str::from_utf8(line).ok()?).ok()
}

/// The fact of a received line, of the inner one when it was recovered; None when this version cannot
/// read it.
pub fn fact(line: &[u8]) -> Option<Fact> {
    Some(event(line)?.unwrapped().fact)
}

/// What the clocks said at a received line.
pub fn clocks(line: &[u8]) -> Option<Clocks> {
    Some(event(line)?.head.clocks)
}

/// The hash of what happened: a recovered event's own, before it was wrapped.
pub fn hash(row: &EventRow) -> Hash {
    match event(&row.line).map(|event| event.fact) {
        Some(Fact::Recovered(recovered)) => recovered.orig_hash,
        _ => row.hash,
    }
}

/// What a decided line posted.
///
/// # Errors
/// When it is no entry.
pub fn movements(entry_line: &str) -> Result<Vec<Movement>> {
    let entry: Entry =
        serde_json::from_str(entry_line).map_err(|e| StoreError::Corrupt(format!("a log line: {e}")))?;
    let posts = entry.effects.into_iter().filter_map(|effect| match effect {
        Effect::Post { account, unit, delta, .. } => Some(Movement { account, unit, delta }),
        _ => None,
    });
    Ok(posts.collect())
}
