//! Closes the shift with a blind count: what should be there is told only afterwards.

use ledger::money::Fen;
use ledger::store::shifts::{self, SeqRange};

use crate::business_day;
use crate::closing::{Counter, so_far};
use crate::command::shift_open::CASH_MAX;
use crate::desk::Desk;
use crate::failure::{Answer, Failure};
use crate::recording::committed;
use crate::shifts_view::Sums;
use crate::view::{DayReport, ShiftClose};

pub fn shift_close(desk: &Desk, args: ShiftClose) -> Answer<DayReport> {
    let (shop, staff) = (desk.shop()?, desk.staff()?);
    let counted = counted(args.counted_fen)?;
    let report = desk.write(|tx| {
        let shift = shifts::current(tx)?.ok_or_else(Failure::shift_closed)?;
        let day = business_day::of(tx, shop.zone(), desk.now())?;
        let counter = Counter { desk, tx, shop: &shop, staff: &staff, day };
        let (close, appended) = counter.close_shift(&shift, counted)?;
        let range = SeqRange { from_seq: shift.opened.seq.min(appended.key.seq), to_seq: appended.key.seq };
        let sums = Sums {
            report_no: close.shift_no,
            totals: close.totals,
            cash: Some((close.expected_fen, close.counted_fen)),
            ..so_far(tx, day, range)?
        };
        Ok(counter.report("交接班单 S", Some(appended.key), &sums)?)
    })?;
    committed(desk);
    desk.press.wake();
    desk.link.wake();
    Ok(report)
}

/// # Errors
/// `bad_amount`
pub fn counted(fen: i64) -> Answer<Fen> {
    if (0..=CASH_MAX.0).contains(&fen) {
        return Ok(Fen(fen));
    }
    Err(Failure::new("bad_amount", "清点的金额不对", "请重新清点后输入"))
}
