//! C23: HQ was restored from a backup and decides again what a till remembers as decided. The new verdict
//! stands, since everything after it was decided on it; where it is another one, people are told.

use super::arrival::Arrival;
use super::decision::Decision;
use super::table;
use crate::protocol::push::Verdict;

/// Opens a case when the verdict is not the one that was given before.
pub fn compare(arrival: Arrival<'_>, decision: Decision) -> Decision {
    let Some(prior) = arrival.prior else { return decision };
    let final_then = prior.verdict != Verdict::Parked;
    let final_now = decision.waits_for.is_none() && decision.rule != table::ALREADY_RECOVERED;
    let same = prior.verdict == decision.verdict() && prior.code == decision.code();
    if same || !final_then || !final_now {
        return decision;
    }
    let now = decision.code();
    let detail = format!("it was {} before headquarters was restored and is {now} now", prior.code);
    decision.with_case(arrival.event.key(), &table::REDECIDED, detail)
}
