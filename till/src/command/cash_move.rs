//! Puts cash into the drawer or takes it out; taking out needs a supervisor.

use ledger::fact::Fact;
use ledger::money::Fen;
use ledger::shift;
use ledger::store::shifts;

use crate::approval;
use crate::business_day;
use crate::closing::so_far;
use crate::command::shift_open::CASH_MAX;
use crate::desk::Desk;
use crate::failure::{Answer, Failure};
use crate::recording::{Entry, committed, record};
use crate::shifts_view;
use crate::slips;
use crate::view::{CashMove, DayReport};

pub fn cash_move(desk: &Desk, args: CashMove) -> Answer<DayReport> {
    let (shop, staff) = (desk.shop()?, desk.staff()?);
    let amount = Fen(args.amount_fen);
    if amount == Fen::ZERO || amount.0.saturating_abs() > CASH_MAX.0 {
        return Err(Failure::new("bad_amount", "金额不对", "请输入存入或取出的金额"));
    }
    if amount < Fen::ZERO {
        approval::supervisor(desk, &staff, args.supervisor_pin.as_deref())?;
    }
    let (report, drawer) = desk.write(|tx| {
        let shift = shifts::current(tx)?.ok_or_else(Failure::shift_closed)?;
        let day = business_day::of(tx, shop.zone(), desk.now())?;
        let reason = args.reason.trim().to_owned();
        let cash =
            shift::CashMove { shift_no: shift.shift_no, staff: staff.id.clone(), amount_fen: amount, reason };
        let appended = record(desk, tx, &shop, day, Entry::of(Fact::CashMove(cash)))?;
        let drawer = slips::open_drawer(desk, tx, appended.key, "cash", appended.at)?;
        let sums = so_far(tx, day, shifts::day_range(tx)?)?;
        Ok((shifts_view::report(tx, &sums)?, drawer))
    })?;
    committed(desk);
    if let Some(job) = drawer {
        desk.press.open_drawer(job);
    }
    desk.link.wake();
    Ok(report)
}
