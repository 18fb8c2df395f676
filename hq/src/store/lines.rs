//! What a kept line says, whichever database kept it.

use ledger::event::{Clocks, Event};
use ledger::fact::Fact;
use ledger::id::{Hash, Shard};
use ledger::posting::Movement;
use sync::decide::view::Original;
use sync::protocol::entry::{Effect, Entry};
use sync::protocol::push::Verdict;

use super::model::{EventRow, LogLine};
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

/// What a refund finds in place of the sale that it names; `log_at` reads the entry that booked it.
///
/// # Errors
/// What `log_at` reports, or an entry that cannot be read.
pub fn original(
    row: Option<EventRow>,
    log_at: impl FnOnce(Shard, u64) -> Result<Option<LogLine>>,
) -> Result<Original> {
    let Some(row) = row else { return Ok(Original::Undecided) };
    match row.outcome.verdict {
        Verdict::Parked => return Ok(Original::Undecided),
        Verdict::Quarantined | Verdict::Rejected => return Ok(Original::NotASale),
        Verdict::Applied | Verdict::AppliedWithException => {}
    }
    let Some(Fact::Sale(sale)) = fact(&row.line) else { return Ok(Original::NotASale) };
    let posted = match log_at(row.outcome.shard, row.outcome.lsn)? {
        Some(entry) => movements(&entry.line)?,
        None => Vec::new(),
    };
    Ok(Original::Decided { sale: Box::new(sale), hash: hash(&row), posted })
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
