//! What headquarters does by itself: a decision without an event, written under the name of its job.

use ledger::id::StoreId;
use sync::decide::{Decision, order};

use crate::decide::keep_marks;
use crate::entries::{Heading, Scribe};
use crate::interest;
use crate::store::Result;

/// Writes entries, cases and what is kept. `bearer` is the store that answers for the cases.
///
/// # Errors
/// What the database reports.
pub fn write_own(scribe: &mut Scribe<'_>, job: &str, decision: &Decision, bearer: &StoreId) -> Result<()> {
    let key = order::key(scribe.tx(), decision.home)?;
    let heading = Heading { case: decision.case(), ..Heading::job(job) };
    for entry in decision.entries.iter().filter(|entry| !entry.effects.is_empty()) {
        scribe.write(entry.shard, &heading, entry.effects.clone())?;
    }
    interest::follow(scribe, None, decision.entries.iter().flat_map(|entry| &entry.effects))?;
    keep_marks(scribe.tx(), (key, bearer), decision, scribe.now())
}
