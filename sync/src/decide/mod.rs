//! HQ's pure decision: what is known and one event in, effects out. Nothing here reads a clock, a
//! database or a random number; the same view and event give the same decision for ever.

use ledger::event::Event;
use ledger::fact::Fact;

pub mod table;

pub mod view;

pub mod published;

pub mod kept;

pub mod arrival;
pub mod decision;

pub mod line;

pub mod book;

pub mod hold;

pub mod lending;

pub mod party;

pub mod attribution;

pub mod person;

pub mod merge;

pub mod clock;

pub mod programme;

pub mod lot;

mod block;
mod capture;
mod coupon;
pub mod day;
mod edit;
mod erase;
mod guest;
mod join;
pub mod orphan;
mod points;
pub mod price;
pub mod recovered;
mod refund;
mod sale;
mod stored;
pub mod tier;

pub mod late;
mod naming;
mod prior;

pub mod order;
pub mod resolve;
pub mod transfer;

pub use arrival::Arrival;
pub use decision::{CaseDraft, Decision, Mark, Reference, ShardEntry};
pub use line::{Reading, read};
pub use view::View;

/// Decides one event; what was decided before under another key, once and for all.
///
/// # Errors
/// Only what the view reports; a fact itself is never an error.
pub fn decide<V: View + ?Sized>(view: &V, arrival: Arrival<'_>) -> Result<Decision, V::Error> {
    let decision = match recovered::again(view, arrival)? {
        Some(decision) => decision,
        None => fresh(view, arrival)?,
    };
    Ok(prior::compare(arrival, decision))
}

/// Arithmetic that cannot be right is quarantined before any rule sees it.
fn fresh<V: View + ?Sized>(view: &V, arrival: Arrival<'_>) -> Result<Decision, V::Error> {
    let (event, home) = (arrival.event, arrival.event.head.anchor.shard());
    if let Some(what) = flaw(event) {
        return Ok(Decision::quarantined(event.key(), home, &table::FLAWED, what));
    }
    // Only a restored HQ can be behind a till.
    if let (Fact::Sale(_), Some(bundle)) = (&event.fact, event.head.known.bundle)
        && bundle > arrival.bundle
    {
        return Ok(Decision::parked(home, table::BUNDLE_MISSING, Reference::Bundle(bundle)));
    }
    let decision = judge(view, arrival)?;
    let decision = naming::note(view, arrival, decision)?;
    late::name(view, arrival, decision)
}

fn judge<V: View + ?Sized>(view: &V, arrival: Arrival<'_>) -> Result<Decision, V::Error> {
    match &arrival.event.fact {
        Fact::Sale(sale) => sale::decide(view, arrival, sale),
        Fact::Refund(refund) => refund::decide(view, arrival, refund),
        Fact::MemberNew(join) => join::decide(view, arrival, join),
        Fact::DayClose(close) => day::decide(view, arrival, close),
        Fact::ClockMark(mark) => Ok(clock::decide(arrival, mark)),
        Fact::MemberEdit(wish) => edit::decide(view, arrival, wish),
        Fact::MergeAsk(ask) => merge::decide(view, arrival, ask),
        Fact::Recovered(wrapped) => recovered::decide(view, arrival, wrapped, |inner| fresh(view, inner)),
        Fact::TopUp(top_up) => stored::top_up(view, arrival, top_up),
        Fact::ShiftOpen(_) | Fact::ShiftClose(_) | Fact::CashMove(_) => {
            Ok(Decision::without_effects(arrival.event.head.anchor.shard()))
        }
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
