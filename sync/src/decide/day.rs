//! Day close: HQ folds the same facts to totals of its own; equal, or the difference by name.

use ledger::fact::Fact;
use ledger::id::EventKey;
use ledger::posting::Unit;
use ledger::shift::{DayClose, Totals};

use super::arrival::Arrival;
use super::book::{Book, Concern};
use super::decision::{Decision, Mark};
use super::table;
use super::view::View;

pub fn decide<V: View + ?Sized>(
    view: &V,
    arrival: Arrival<'_>,
    close: &DayClose,
) -> Result<Decision, V::Error> {
    let key = arrival.event.key();
    let Recount { totals: hq, differs } = recount(view, key, close)?;
    let mut book = Book::open(view, key, arrival.event.head.anchor.shard());
    book.mark(Mark::DayClosed {
        day: close.business_day,
        report_no: close.report_no,
        agreed: differs.is_empty(),
        till: Box::new(close.totals.clone()),
        hq: Box::new(hq.clone()),
    });
    if !differs.is_empty() {
        let amount = close.totals.total_fen.minus(hq.total_fen).0.saturating_abs();
        let detail = format!("differs in {}", differs.join(", "));
        book.case(table::DAY_DIFFERS, (Unit::Fen, amount), Concern { detail, ..Concern::default() });
    }
    Ok(book.close())
}

/// A close, counted again from the facts that it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recount {
    pub totals: Totals,
    /// Names of the figures that are not those of the close; empty when all agree.
    pub differs: Vec<&'static str>,
}

/// Counts the close at `key` again: its numbers have no hole, so with the hash of the last event they
/// prove that nothing of the day is missing.
///
/// # Errors
/// What the view reports.
pub fn recount<V: View + ?Sized>(view: &V, key: EventKey, close: &DayClose) -> Result<Recount, V::Error> {
    let stream = key.stream();
    let totals = totals(&view.facts(stream, close.from_seq, close.to_seq)?);
    let head = view.hash_of(EventKey { seq: close.to_seq, ..key })?;
    let mut differs = difference(&close.totals, &totals);
    if close.to_seq >= close.from_seq && head != Some(close.head_hash) {
        differs.push("head_hash");
    }
    Ok(Recount { totals, differs })
}

/// What the facts add up to.
fn totals(facts: &[Fact]) -> Totals {
    let mut sum = Totals::default();
    for fact in facts {
        match fact {
            Fact::Sale(sale) => sum.add_sale(sale),
            Fact::Refund(refund) => sum.add_refund(refund),
            Fact::CashMove(cash) => sum.add_cash_move(cash),
            Fact::ShiftOpen(open) => sum.add_float(open.float_fen),
            Fact::TopUp(top_up) => sum.add_top_up(top_up),
            _ => {}
        }
    }
    sum
}

/// Names of the figures that are not equal.
fn difference(till: &Totals, hq: &Totals) -> Vec<&'static str> {
    [
        (till.sales != hq.sales, "sales"),
        (till.refunds != hq.refunds, "refunds"),
        (till.total_fen != hq.total_fen, "total_fen"),
        (till.discounts_fen != hq.discounts_fen, "discounts_fen"),
        (till.points_earned != hq.points_earned, "points_earned"),
        (till.points_redeemed != hq.points_redeemed, "points_redeemed"),
        (till.cash_in_fen != hq.cash_in_fen, "cash_in_fen"),
        (till.cash_out_fen != hq.cash_out_fen, "cash_out_fen"),
        (till.float_fen != hq.float_fen, "float_fen"),
        (till.top_ups_fen != hq.top_ups_fen, "top_ups_fen"),
        (till.tenders != hq.tenders, "tenders"),
    ]
    .into_iter()
    .filter_map(|(differs, name)| differs.then_some(name))
    .collect()
}
