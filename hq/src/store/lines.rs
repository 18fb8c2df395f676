//! What a kept line says, whichever database kept it.

use ledger::event::Event;
use ledger::fact::Fact;
use ledger::posting::Movement;
use sync::protocol::entry::{Effect, Entry};

use super::{Result, StoreError};

/// The fact of a received line; None when this version cannot read it.
pub fn fact(line: &[u8]) -> Option<Fact> {
    let line = std::str::from_utf8(line).ok()?;
    Event::parse(line).ok().map(|event| event.fact)
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
