//! C29: the id of a receipt is a label, the place in its stream is the key. Two receipts with one label are
//! two facts; people are told. Noted for what is printed only, beside the member or till that it is about.

use ledger::fact::Fact;

use super::arrival::Arrival;
use super::decision::{Decision, Mark};
use super::kept::{self, Keep, NamedBy, name_of};
use super::table;
use super::view::View;

/// Notes who used the id first, and opens a case for whoever uses it again.
///
/// # Errors
/// What the view reports.
pub fn note<V: View + ?Sized>(
    view: &V,
    arrival: Arrival<'_>,
    mut decision: Decision,
) -> Result<Decision, V::Error> {
    let event = arrival.event;
    let printed = matches!(event.fact, Fact::Sale(_) | Fact::Refund(_) | Fact::TopUp(_));
    if !printed || decision.waits_for.is_some() {
        return Ok(decision);
    }
    let (key, (shard, id)) = (event.key(), name_of(event));
    let Some(first) = kept::one::<V, NamedBy>(view, shard, &id)? else {
        let named = NamedBy { key, hash: arrival.hash };
        decision.marks.push(Mark::Keep(Keep::put(shard, id, &named)));
        return Ok(decision);
    };
    if first.hash == arrival.hash || ledger::planted!("one_id_unsaid") {
        return Ok(decision);
    }
    let detail = format!("{} carries the same id {id}", first.key);
    Ok(decision.with_case(key, &table::ID_COLLISION, detail))
}
