//! C23: HQ was restored from a backup and decides again what a till remembers as decided. The new verdict
//! stands, since everything after it was decided on it; where it is another one, people are told.

use ledger::posting::Unit;

use super::arrival::Arrival;
use super::decision::{CaseDraft, Decision, case_id};
use super::table;
use crate::protocol::push::Verdict;

/// Opens a case when the verdict is not the one that was given before.
pub fn compare(arrival: Arrival<'_>, mut decision: Decision) -> Decision {
    let Some(prior) = arrival.prior else { return decision };
    let final_then = prior.verdict != Verdict::Parked;
    let final_now = decision.waits_for.is_none() && decision.rule != table::ALREADY_RECOVERED;
    let same = prior.verdict == decision.verdict() && prior.code == decision.code();
    if same || !final_then || !final_now {
        return decision;
    }
    let key = arrival.event.key();
    let (now, n) = (decision.code(), decision.cases.len());
    decision.cases.push(CaseDraft {
        id: case_id(key, table::REDECIDED.code, n),
        kind: table::REDECIDED.code,
        shard: decision.home,
        member: None,
        other: None,
        coupon: None,
        unit: Unit::Fen,
        amount: 0,
        detail: format!("it was {} before headquarters was restored and is {now} now", prior.code),
    });
    decision
}
