//! Closing a shift and printing reports: shared by the shift's end, the day's end and the report so far.

use hardware::receipt::doc::Doc;
use ledger::fact::Fact;
use ledger::id::EventKey;
use ledger::money::Fen;
use ledger::shift::ShiftClose;
use ledger::store::journal::Appended;
use ledger::store::print_jobs::JobKind;
use ledger::store::shifts::{self, OpenShift, SeqRange};
use ledger::store::{StoreError, Tx};
use ledger::time::BusinessDay;
use sync::protocol::config::StaffRow;

use crate::desk::Desk;
use crate::paper::{self, ReportSlip, Stamp};
use crate::recording::{Entry, record};
use crate::shifts_view::{self, Sums};
use crate::shop::Shop;
use crate::slips::{self, Slip};
use crate::view::DayReport;

/// Who closes, where and on which day.
pub struct Counter<'a> {
    pub desk: &'a Desk,
    pub tx: &'a Tx<'a>,
    pub shop: &'a Shop,
    pub staff: &'a StaffRow,
    pub day: BusinessDay,
}

impl Counter<'_> {
    /// Closes `shift` with a blind count.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn close_shift(&self, shift: &OpenShift, counted: Fen) -> Result<(ShiftClose, Appended), StoreError> {
        let totals = shifts::shift_totals(self.tx, shift)?;
        let close = ShiftClose {
            shift_no: shift.shift_no,
            staff: self.staff.id.clone(),
            counted_fen: counted,
            expected_fen: totals.cash_expected(),
            totals,
        };
        let fact = Entry::of(Fact::ShiftClose(close.clone()));
        let appended = record(self.desk, self.tx, self.shop, self.day, fact)?;
        shifts::close(self.tx, &appended, &close)?;
        Ok((close, appended))
    }

    /// Prints a report and shows it.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn report(&self, title: &str, event: Option<EventKey>, sums: &Sums) -> Result<DayReport, StoreError> {
        let report = shifts_view::report(self.tx, sums)?;
        let number = self.number(title, sums);
        let doc = self.paper(title, &number, sums, &report);
        let slip = Slip { event, kind: JobKind::Report, number: &number, copy_no: 0 };
        slips::enqueue(self.desk, self.tx, slip, &doc, self.desk.now())?;
        Ok(report)
    }

    /// `Z01-261121-0003`
    fn number(&self, title: &str, sums: &Sums) -> String {
        let kind = title.chars().rev().find(char::is_ascii_alphabetic).unwrap_or('X');
        let day = self.day.number() % 1_000_000;
        format!("{kind}{:02}-{day:06}-{:04}", self.shop.till_no, sums.report_no)
    }

    fn paper(&self, title: &str, number: &str, sums: &Sums, report: &DayReport) -> Doc {
        paper::report(&ReportSlip {
            letterhead: &self.shop.letterhead,
            stamp: Stamp {
                number: number.to_owned(),
                at: self.desk.now(),
                zone: self.shop.zone(),
                cashier: self.staff.name.clone(),
            },
            title: title.to_owned(),
            business_day: sums.business_day.clone(),
            totals: &sums.totals,
            cash: sums.cash,
            receipts: report.receipts_from.clone().zip(report.receipts_to.clone()),
            events: (report.from_seq, report.to_seq),
            unreceived: report.unreceived,
            late: &sums.late,
        })
    }
}

/// What a report over `range` says before anything is counted.
///
/// # Errors
/// The ledger cannot be read.
pub fn so_far(tx: &Tx<'_>, day: BusinessDay, range: SeqRange) -> Result<Sums, StoreError> {
    let report_no = shifts::last_day_close(tx)?.map_or(0, |close| close.report_no) + 1;
    Ok(Sums {
        kind: "x",
        business_day: day.to_string(),
        report_no,
        totals: shifts::totals(tx, range)?,
        late: shifts::late(tx, range)?,
        range,
        cash: None,
    })
}
