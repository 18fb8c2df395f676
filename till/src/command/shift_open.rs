//! Opens a shift with the float counted into the drawer.

use ledger::fact::Fact;
use ledger::money::Fen;
use ledger::shift;
use ledger::store::shifts;

use crate::business_day;
use crate::desk::Desk;
use crate::failure::{Answer, Failure};
use crate::recording::{Entry, committed, record};
use crate::shifts_view::shift_view;
use crate::view::{ShiftOpen, ShiftView};

/// Nobody counts a million yuan into a drawer: that is a code scanned into the amount.
pub const CASH_MAX: Fen = Fen(100_000_000);

pub fn shift_open(desk: &Desk, args: ShiftOpen) -> Answer<ShiftView> {
    let (shop, staff) = (desk.shop()?, desk.staff()?);
    let float = Fen(args.float_fen);
    if float < Fen::ZERO || float > CASH_MAX {
        return Err(Failure::new("bad_amount", "备用金金额不对", "请重新清点后输入"));
    }
    let view = desk.write(|tx| {
        if let Some(open) = shifts::current(tx)? {
            let message = format!("{} 号班还没有交班", open.shift_no);
            return Err(Failure::new("shift_already_open", message, "请直接收款,或先交班").into());
        }
        let open = shift::ShiftOpen {
            shift_no: shifts::next_shift_no(tx)?,
            staff: staff.id.clone(),
            float_fen: float,
        };
        let day = business_day::of(tx, shop.zone(), desk.now())?;
        let appended = record(desk, tx, &shop, day, Entry::of(Fact::ShiftOpen(open.clone())))?;
        shifts::open(tx, &appended, &open)?;
        let now_open = shifts::current(tx)?.ok_or_else(Failure::shift_closed)?;
        Ok(shift_view(tx, &shop, &now_open)?)
    })?;
    committed(desk);
    desk.link.wake();
    Ok(view)
}
