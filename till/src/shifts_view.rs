//! Shifts and reports as the window shows them.

use ledger::money::Fen;
use ledger::shift::Totals;
use ledger::store::shifts::{LateSum, OpenShift, SeqRange};
use ledger::store::{Reader, StoreError, journal, sales};

use crate::shop::Shop;
use crate::view::{DayReport, LateTotal, ShiftView, TenderTotal};

/// # Errors
/// The ledger cannot be read.
pub fn shift_view(r: &Reader, shop: &Shop, shift: &OpenShift) -> Result<ShiftView, StoreError> {
    let day = journal::day_of(r, shift.opened)?.map(|day| day.to_string());
    Ok(ShiftView {
        shift_no: shift.shift_no,
        business_day: day.unwrap_or_default(),
        opened_at: shift.opened_at.short(shop.zone()),
        float_fen: shift.float_fen.0,
    })
}

/// A report before it is shown: what was summed, over which events.
pub struct Sums {
    /// `x` or `z`
    pub kind: &'static str,
    pub business_day: String,
    pub report_no: u32,
    pub totals: Totals,
    /// Part of the totals that came too late for an earlier day.
    pub late: Vec<LateSum>,
    pub range: SeqRange,
    /// Expected and counted cash; None before the count.
    pub cash: Option<(Fen, Fen)>,
}

/// # Errors
/// The ledger cannot be read.
pub fn report(r: &Reader, sums: &Sums) -> Result<DayReport, StoreError> {
    let Sums { totals, range, cash, .. } = sums;
    let receipts = receipts(r, *range)?;
    Ok(DayReport {
        kind: sums.kind.to_owned(),
        business_day: sums.business_day.clone(),
        report_no: sums.report_no,
        sales_count: totals.sales,
        refunds_count: totals.refunds,
        total_fen: totals.total_fen.0,
        tenders: totals.tenders.iter().map(tender_total).collect(),
        discounts_fen: totals.discounts_fen.0,
        points_earned: totals.points_earned.0,
        points_redeemed: totals.points_redeemed.0,
        float_fen: totals.float_fen.0,
        cash_in_fen: totals.cash_in_fen.0,
        cash_out_fen: totals.cash_out_fen.0,
        cash_expected_fen: cash.map(|(expected, _)| expected.0),
        cash_counted_fen: cash.map(|(_, counted)| counted.0),
        cash_difference_fen: cash.map(|(expected, counted)| counted.minus(expected).0),
        from_seq: if range.to_seq < range.from_seq { 0 } else { range.from_seq },
        to_seq: if range.to_seq < range.from_seq { 0 } else { range.to_seq },
        unreceived: unreceived(r, *range)?,
        late: sums.late.iter().map(late_total).collect(),
        receipts_from: receipts.as_ref().map(|(first, _)| first.clone()),
        receipts_to: receipts.map(|(_, last)| last),
    })
}

fn tender_total(sum: &ledger::shift::TenderSum) -> TenderTotal {
    TenderTotal { kind: sum.kind.into(), amount_fen: sum.amount_fen.0, count: sum.count }
}

fn late_total(sum: &LateSum) -> LateTotal {
    LateTotal {
        business_day: sum.of.business_day.to_string(),
        report_no: sum.of.report_no,
        count: sum.count,
        total_fen: sum.total_fen.0,
    }
}

/// How many events of the range headquarters does not have yet.
fn unreceived(r: &Reader, range: SeqRange) -> Result<u64, StoreError> {
    let received = journal::head(r)?.map_or(0, |head| head.received);
    Ok((range.to_seq + 1).saturating_sub(range.from_seq.max(received + 1)))
}

/// First and last receipt among the events of the range.
fn receipts(r: &Reader, range: SeqRange) -> Result<Option<(String, String)>, StoreError> {
    let Some(head) = journal::head(r)? else { return Ok(None) };
    let at = |seq: u64| {
        let key = head.stream.at(seq);
        sales::by_key(r, key).map(|row| row.map(|row| row.receipt_no))
    };
    let Some(first) = first_some((range.from_seq..=range.to_seq).map(at))? else { return Ok(None) };
    let last = first_some((range.from_seq..=range.to_seq).rev().map(at))?;
    Ok(last.map(|last| (first, last)))
}

fn first_some(
    mut found: impl Iterator<Item = Result<Option<String>, StoreError>>,
) -> Result<Option<String>, StoreError> {
    found.find_map(Result::transpose).transpose()
}
