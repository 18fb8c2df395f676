//! HQ's pure decision: what is known and one event in, effects out. Nothing here reads a clock, a
//! database or a random number; the same view and event give the same decision for ever.

use ledger::event::Event;
use ledger::fact::Fact;

pub mod table;

pub mod view;

pub mod kept;

pub mod arrival;
pub mod decision;

pub mod line;

pub mod book;

pub mod hold;

pub mod lending;

pub mod party;

mod coupon;
pub mod day;
mod join;
mod refund;
mod sale;

pub mod late;

pub mod resolve;

pub use arrival::Arrival;
pub use decision::{CaseDraft, Decision, Mark, Reference, ShardEntry};
pub use line::{Reading, read};
pub use view::View;

/// Decides one event. Arithmetic that cannot be right is quarantined before any rule sees it.
///
/// # Errors
/// Only what the view reports; a fact itself is never an error.
pub fn decide<V: View + ?Sized>(view: &V, arrival: Arrival<'_>) -> Result<Decision, V::Error> {
    if let Some(what) = flaw(arrival.event) {
        return Ok(Decision::quarantined(
            arrival.event.key(),
            arrival.event.head.anchor.shard(),
            &table::FLAWED,
            what,
        ));
    }
    let decision = judge(view, arrival)?;
    late::name(view, arrival, decision)
}

fn judge<V: View + ?Sized>(view: &V, arrival: Arrival<'_>) -> Result<Decision, V::Error> {
    match &arrival.event.fact {
        Fact::Sale(sale) => sale::decide(view, arrival, sale),
        Fact::Refund(refund) => refund::decide(view, arrival, refund),
        Fact::MemberNew(join) => join::decide(view, arrival, join),
        Fact::DayClose(close) => day::decide(view, arrival, close),
        Fact::ShiftOpen(_)
        | Fact::ShiftClose(_)
        | Fact::CashMove(_)
        | Fact::ClockMark(_)
        | Fact::TopUp(_)
        | Fact::MemberEdit(_)
        | Fact::MergeAsk(_)
        | Fact::Recovered(_) => Ok(Decision::without_effects(arrival.event.head.anchor.shard())),
    }
}

/// First thing that cannot be right about an event, in words.
fn flaw(event: &Event) -> Option<&'static str> {
    let legs = event.fact.legs();
    if legs != event.head.legs {
        return Some("the legs are not those of the fact");
    }
    if legs.iter().any(|leg| leg.delta.unsigned_abs() > table::MOVEMENT_MAX) {
        return Some("a movement is beyond every limit");
    }
    match &event.fact {
        Fact::Sale(sale) => sale.flaw(),
        Fact::Refund(refund) => refund.flaw(),
        Fact::TopUp(top_up) => top_up.flaw(),
        _ => None,
    }
}
