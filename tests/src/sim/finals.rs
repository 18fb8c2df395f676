//! Final verdicts, remembered so that a change of one is seen.

use std::collections::BTreeMap;

use ledger::id::EventKey;
use sync::protocol::push::Verdict;

/// Final verdicts as they were first seen, on the present database.
#[derive(Default)]
pub struct Finals {
    pub timeline: u64,
    pub seen: BTreeMap<EventKey, (Verdict, String, u64)>,
}
