//! C30: a day that HQ's accounting has closed never changes. What arrives for it later is booked to the
//! first open day; both days list it, so the closed total and its late facts are what the day was.

use ledger::event::Event;
use ledger::fact::Fact;
use ledger::id::{EventKey, Hash, Shard, StoreId};
use ledger::money::Fen;
use ledger::time::BusinessDay;
use serde::{Deserialize, Serialize};

use super::arrival::Arrival;
use super::decision::{Decision, Mark};
use super::kept::{self, Keep, Kept};
use super::table;
use super::view::View;
use crate::protocol::push::Verdict;

/// How far HQ's accounting of a store is closed. Id: the store; shard: [`shard_of`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accounting {
    /// The last closed day; every day before it is closed too.
    pub closed_through: BusinessDay,
}

impl Kept for Accounting {
    const KIND: &'static str = "accounting";
}

/// Whose close a fact came too late for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClosedBy {
    /// The till had closed the day, so it recorded the fact on the next one (`late_of`).
    Till,
    /// HQ's accounting had closed the day before the fact arrived.
    Headquarters,
}

/// A fact that is booked on another day than its own. Kept twice, at [`of_day`] and [`in_day`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Late {
    #[serde(flatten)]
    pub key: EventKey,
    pub kind: String,
    /// None for a cash movement.
    pub receipt_no: Option<String>,
    /// The day that it belongs to by its clock or its store.
    pub orig_biz_date: BusinessDay,
    /// The day that it counts for.
    pub booked_on: BusinessDay,
    pub closed_by: ClosedBy,
    /// What it adds to the sales of the day: negative for a refund, 0 for a cash movement.
    pub total_fen: Fen,
}

impl Kept for Late {
    const KIND: &'static str = "late";
}

/// Where a store's accounting is kept.
pub fn shard_of(store: &StoreId) -> Shard {
    Shard(Hash::of(store.0.as_bytes()).0[0])
}

/// Ids of the late facts that belong to a day.
pub fn of_day(store: &StoreId, day: BusinessDay) -> String {
    format!("{store}/of/{}/", day.number())
}

/// Ids of the late facts that were booked on a day instead of their own.
pub fn in_day(store: &StoreId, day: BusinessDay) -> String {
    format!("{store}/in/{}/", day.number())
}

/// The last day of `store` that HQ's accounting has closed.
///
/// # Errors
/// What the view reports.
pub fn closed_through<V: View + ?Sized>(view: &V, store: &StoreId) -> Result<Option<BusinessDay>, V::Error> {
    let accounting: Option<Accounting> = kept::one(view, shard_of(store), &store.0)?;
    Ok(accounting.map(|a| a.closed_through))
}

/// The day on which HQ books a fact of `day`: its own, or the first open one.
///
/// # Errors
/// What the view reports.
pub fn booked_on<V: View + ?Sized>(
    view: &V,
    store: &StoreId,
    day: BusinessDay,
) -> Result<BusinessDay, V::Error> {
    let open = closed_through(view, store)?.map(|closed| closed.plus_days(1));
    Ok(open.map_or(day, |open| day.max(open)))
}

/// Names what is late about a decided fact; the decision itself stays what it is.
///
/// # Errors
/// What the view reports.
pub fn name<V: View + ?Sized>(
    view: &V,
    arrival: Arrival<'_>,
    mut decision: Decision,
) -> Result<Decision, V::Error> {
    let (event, store) = (arrival.event, arrival.store);
    let decided = matches!(decision.verdict(), Verdict::Applied | Verdict::AppliedWithException);
    if !decided || !event.fact.counts_for_a_day() {
        return Ok(decision);
    }
    let day = event.head.biz_date;
    if let Some(missed) = event.head.late_of {
        keep(&mut decision, store, late(event, (missed.business_day, day), ClosedBy::Till));
    }
    let booked = booked_on(view, store, day)?;
    if booked != day {
        keep(&mut decision, store, late(event, (day, booked), ClosedBy::Headquarters));
        if decision.rule == table::OK {
            decision.rule = table::LATE;
        }
    }
    Ok(decision)
}

fn late(event: &Event, (orig_biz_date, booked_on): (BusinessDay, BusinessDay), closed_by: ClosedBy) -> Late {
    let receipt_no = match &event.fact {
        Fact::Sale(sale) => Some(sale.receipt_no.clone()),
        Fact::Refund(refund) => Some(refund.receipt_no.clone()),
        _ => None,
    };
    Late {
        key: event.key(),
        kind: event.fact.kind().to_owned(),
        receipt_no,
        orig_biz_date,
        booked_on,
        closed_by,
        total_fen: event.fact.revenue(),
    }
}

fn keep(decision: &mut Decision, store: &StoreId, late: Late) {
    let shard = shard_of(store);
    for prefix in [of_day(store, late.orig_biz_date), in_day(store, late.booked_on)] {
        decision.marks.push(Mark::Keep(Keep::put(shard, format!("{prefix}{}", late.key), &late)));
    }
}
